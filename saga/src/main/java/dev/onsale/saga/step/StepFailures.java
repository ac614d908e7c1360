package dev.onsale.saga.step;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.platform.failure.Causes;
import dev.onsale.platform.supervision.FailureSeries;
import java.io.IOException;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;

/**
 * Logs tries without an outcome. A service that is away is expected: one line when such failures begin and one when they end, for all
 * steps together. Anything else is logged for each step: the first failure with its stack trace, then at growing intervals.
 * Thread-safe.
 */
final class StepFailures {

    private static final Logger LOG = LoggerFactory.getLogger(StepFailures.class);

    /** Refusals that pass by themselves. Any other is the same when asked again. */
    private static final Set<RefusalCode> PASSING =
            EnumSet.of(RefusalCode.TEMPORARILY_UNAVAILABLE, RefusalCode.OVERLOADED);

    private final FailureSeries expected;
    private final RepeatedFailures unexpected = new RepeatedFailures();

    StepFailures(LongSupplier nanoTime) {
        this.expected = new FailureSeries("Checkout step processing", "steps", nanoTime);
    }

    /** By an exception. */
    void failed(Step step, Throwable failure) {
        if (Causes.has(failure, InterruptedException.class)) {
            LOG.debug("{} {} was interrupted by the stop", step.kind(), step.id(), failure);
        } else if (isExpected(failure)) {
            expected.failed(step.kind(), step.kind() + "/" + step.id(), step.id() + ": " + described(failure));
        } else {
            RepeatedFailures.Failure counted = unexpected.add(step, kindOf(failure));
            if (counted.isFirst()) {
                LOG.warn(
                        "{} {} failed; it will be tried again: {}",
                        step.kind(),
                        step.id(),
                        described(failure),
                        failure);
            } else if (counted.isRepeat()) {
                LOG.warn("{} {} failed {} times: {}", step.kind(), step.id(), counted.number(), described(failure));
            } else {
                LOG.debug("{} {} failed again", step.kind(), step.id(), failure);
            }
        }
    }

    /** Without an exception. */
    void ended(Step step, StepResult result) {
        switch (result) {
            case StepResult.Unresolved unresolved -> unresolved(unresolved.step(), unresolved);
            case StepResult.NotBegun notBegun ->
                LOG.debug("{} {} has not begun: {}", step.kind(), step.id(), notBegun.reason());
            case StepResult.Done done -> unexpected.forget(step);
            case StepResult.Then then -> unexpected.forget(step);
            case StepResult.Again again -> unexpected.forget(step);
            case StepResult.Instead instead -> unexpected.forget(step);
        }
        expected.worked(step.kind());
    }

    private void unresolved(Step step, StepResult.Unresolved unresolved) {
        String reason = unresolved.reason();
        if (unresolved.isReported()) {
            LOG.debug("{} {} has no outcome yet: {}", step.kind(), step.id(), reason);
            return;
        }
        RepeatedFailures.Failure counted = unexpected.add(step, reason);
        Level level = counted.isFirst() || counted.isRepeat() ? Level.WARN : Level.DEBUG;
        LOG.atLevel(level)
                .log("{} {} has no outcome yet, try {}: {}", step.kind(), step.id(), counted.number(), reason);
    }

    void look() {
        expected.look();
    }

    /** Steps that failed since the failures began; 0 if all work. */
    int waiting() {
        return expected.waiting();
    }

    /** A refusal says itself whether it passes, whatever its cause is. An error is a fault of the program. */
    private static boolean isExpected(Throwable failure) {
        if (failure instanceof Error) {
            return false;
        }
        RefusedException refused = refusal(failure);
        return refused == null
                ? Causes.find(failure, StepFailures::isServiceAway) != null
                : PASSING.contains(refused.code());
    }

    private static @Nullable RefusedException refusal(Throwable failure) {
        return Causes.find(failure, RefusedException.class);
    }

    private static boolean isServiceAway(Throwable cause) {
        return cause instanceof TransientDataAccessException
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

    private static String kindOf(Throwable failure) {
        RefusedException refused = refusal(failure);
        return refused == null
                ? failure.getClass().getName() + "/"
                        + Causes.root(failure).getClass().getName()
                : refused.code().name();
    }

    private static String described(Throwable failure) {
        Throwable root = Causes.root(failure);
        RefusedException refused = refusal(failure);
        if (refused == null) {
            return root.toString();
        }
        String text = refused.code() + ": " + refused.detail();
        return root.equals(refused) ? text : text + " (" + root + ")";
    }
}
