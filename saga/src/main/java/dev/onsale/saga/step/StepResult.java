package dev.onsale.saga.step;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How a run of a step ended. */
public sealed interface StepResult {

    /** Nothing is left to do. */
    static StepResult done() {
        return new Done();
    }

    record Done() implements StepResult {}

    /** The outcome is not known yet: again, after a pause that grows with each try. */
    record Unresolved(Step step, String reason) implements StepResult {}

    /**
     * It could not begin and nothing happened: again after a short pause.
     *
     * @param retryAfter if the service asks for fewer calls: again after at least so long, and longer with each try; else absent
     */
    record NotBegun(Step step, String reason, @Nullable Duration retryAfter) implements StepResult {

        public NotBegun(Step step, String reason) {
            this(step, reason, null);
        }
    }

    /** Again at an instant, as planned. */
    record Again(Step step, Instant due) implements StepResult {}

    /** Another step takes its place, in one write: from now on there is no way back to this one. */
    record Instead(Step step) implements StepResult {}
}
