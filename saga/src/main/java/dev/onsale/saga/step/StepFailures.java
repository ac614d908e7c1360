package dev.onsale.saga.step;

import dev.onsale.api.RefusedException;
import dev.onsale.platform.supervision.FailureSeries;
import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;

/**
 * Tells of tries that failed by an exception. A refusal or a service that is away is expected: one line when such failures begin and
 * one when they end, for all steps together. Anything else is told with its stack trace at the first failure of a step.
 */
final class StepFailures {

    private static final Logger LOG = LoggerFactory.getLogger(StepFailures.class);
    private static final int CAUSES_MAX = 20;

    private final FailureSeries expected;

    StepFailures(LongSupplier nanoTime) {
        this.expected = new FailureSeries("Checkout step processing", "steps", nanoTime);
    }

    /**
     * @param failures tries in a row before this one that failed
     */
    void failed(Step step, int failures, Throwable failure) {
        if (hasCause(failure, InterruptedException.class::isInstance)) {
            LOG.debug("{} {} was interrupted by the stop", step.kind(), step.id(), failure);
        } else if (hasCause(failure, StepFailures::isExpected)) {
            expected.failed(
                    step.kind(), step.kind() + "/" + step.id(), root(failure).toString());
        } else if (failures == 0) {
            LOG.warn("{} {} failed; it will be tried again", step.kind(), step.id(), failure);
        } else {
            LOG.warn("{} {} failed again: {}", step.kind(), step.id(), failure.toString());
            LOG.debug("{} {} failed", step.kind(), step.id(), failure);
        }
    }

    void worked(Step step) {
        expected.worked(step.kind());
    }

    void look() {
        expected.look();
    }

    /** Steps that failed since the failures began; 0 if all work. */
    int waiting() {
        return expected.waiting();
    }

    private static boolean hasCause(Throwable failure, Predicate<Throwable> wanted) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < CAUSES_MAX; depth++) {
            if (wanted.test(cause)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static boolean isExpected(Throwable cause) {
        return cause instanceof RefusedException
                || cause instanceof TransientDataAccessException
                || cause instanceof RecoverableDataAccessException
                || cause instanceof DataAccessResourceFailureException
                || cause instanceof NonTransientDataAccessResourceException
                || cause instanceof CannotCreateTransactionException
                || cause instanceof TimeoutException
                || cause instanceof IOException
                || (cause instanceof SQLException sql && isConnection(sql));
    }

    /** Class 08 of SQL states; MySQL's driver has exceptions of its own for some of them. */
    private static boolean isConnection(SQLException failure) {
        String state = failure.getSQLState();
        return (state != null && state.startsWith("08"))
                || failure instanceof java.sql.SQLTransientException
                || failure instanceof java.sql.SQLRecoverableException;
    }

    private static Throwable root(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause.getCause() != null && depth < CAUSES_MAX; depth++) {
            cause = cause.getCause();
        }
        return cause;
    }
}
