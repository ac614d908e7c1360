package dev.onsale.saga.step;

import java.time.Duration;
import java.time.Instant;

/** The change of a step's row after a run. */
sealed interface Outcome {

    record Gone() implements Outcome {}

    /**
     * @param failed counts as a failed try, which makes the next pause longer
     */
    record Later(Step step, Instant due, boolean failed) implements Outcome {}

    record Replaced(Step other) implements Outcome {}

    /**
     * @param failures tries in a row before this one that failed
     */
    static Outcome of(StepResult result, int failures, Backoff backoff, Instant now) {
        return switch (result) {
            case StepResult.Done done -> new Gone();
            case StepResult.Unresolved unresolved ->
                new Later(unresolved.step(), now.plus(backoff.pause(failures)), true);
            case StepResult.NotBegun notBegun -> {
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
