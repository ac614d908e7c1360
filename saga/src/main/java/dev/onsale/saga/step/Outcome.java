package dev.onsale.saga.step;

import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of a step's row when a try has ended. */
sealed interface Outcome {

    Logger LOG = LoggerFactory.getLogger(Outcome.class);

    record Gone() implements Outcome {}

    /**
     * @param failed counts as a failed try, which makes the next pause longer
     */
    record Later(Step step, Instant due, boolean failed) implements Outcome {}

    record Replaced(Step other) implements Outcome {}

    /**
     * @param failures tries in a row before this one that failed
     */
    static Outcome of(Step step, StepResult result, int failures, Backoff backoff, Instant now) {
        return switch (result) {
            case StepResult.Done done -> new Gone();
            case StepResult.Unresolved unresolved -> {
                LOG.debug("{} {} has no outcome yet: {}", step.kind(), step.id(), unresolved.reason());
                yield new Later(unresolved.step(), now.plus(backoff.pause(failures)), true);
            }
            case StepResult.NotBegun notBegun -> {
                LOG.debug("{} {} has not begun: {}", step.kind(), step.id(), notBegun.reason());
                Duration retryAfter = notBegun.retryAfter();
                yield retryAfter == null
                        ? new Later(notBegun.step(), now.plus(backoff.shortPause()), false)
                        : new Later(notBegun.step(), now.plus(retryAfter).plus(backoff.pause(failures)), true);
            }
            case StepResult.Again planned -> new Later(planned.step(), planned.due(), false);
            case StepResult.Instead instead -> new Replaced(instead.step());
        };
    }
}
