package dev.onsale.waitingroom.task;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.transaction.CannotCreateTransactionException;

/** Distinguishes an outage of Redis or the database, which affects all rooms, from the failure of one room. */
public final class ServiceAway {

    private static final int CAUSES_MAX = 20;

    private ServiceAway() {}

    public static boolean isCauseOf(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < CAUSES_MAX; depth++) {
            if (isAway(cause)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static boolean isAway(Throwable failure) {
        return failure instanceof RefusedException refused
                ? refused.code() == RefusalCode.TEMPORARILY_UNAVAILABLE
                : failure instanceof DataAccessResourceFailureException
                        || failure instanceof CannotCreateTransactionException
                        || failure instanceof SQLTransientConnectionException
                        || failure instanceof SQLNonTransientConnectionException
                        || failure instanceof SQLRecoverableException;
    }
}
