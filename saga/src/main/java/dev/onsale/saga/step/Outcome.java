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

    /**
     * @param due when the other step is
     */
    record Replaced(Step other, Instant due) implements Outcome {}

    /**
     * @param taken whose row it is; a run may have gone on with other steps
     * @param failures tries in a row before this one that failed
     */
    static Outcome of(Step taken, StepResult result, int failures, Backoff backoff, Instant now) {
        Outcome outcome = of(result, failures, backoff, now);
        return outcome instanceof Later later && !isSame(taken, later.step())
                ? new Replaced(later.step(), later.due())
                : outcome;
    }

    private static boolean isSame(Step taken, Step later) {
        return taken.kind().equals(later.kind()) && taken.id().equals(later.id());
    }

    private static Outcome of(StepResult result, int failures, Backoff backoff, Instant now) {
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
            case StepResult.Then then -> throw new IllegalStateException("The run has not ended: " + then.next());
            case StepResult.Instead instead -> new Replaced(instead.step(), now);
        };
    }
}
