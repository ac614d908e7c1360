package dev.onsale.eventlog.tail;

import java.sql.SQLException;
import java.util.Set;
import org.springframework.dao.TransientDataAccessException;

/** Recognises a read that met a row lock. Thread-safe. */
public final class LockConflicts {

    /**
     * 1205: lock wait timeout, which MariaDB reports for NOWAIT too. 1213: deadlock. 3572: NOWAIT on MySQL, for which
     * Connector/J has no SQLState and Spring no exception of its own.
     */
    private static final Set<Integer> ERRORS = Set.of(1205, 1213, 3572);

    private LockConflicts() {}

    /** Whether another transaction holds a row that was asked for. */
    public static boolean isLocked(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TransientDataAccessException
                    || (cause instanceof SQLException sql && ERRORS.contains(sql.getErrorCode()))) {
                return true;
            }
        }
        return false;
    }
}
