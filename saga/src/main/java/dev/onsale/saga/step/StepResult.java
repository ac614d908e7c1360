package dev.onsale.saga.step;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The result of a run of a step. */
public sealed interface StepResult {

    /** Nothing is left to do. */
    static StepResult done() {
        return new Done();
    }

    record Done() implements StepResult {}

    /**
     * The outcome is not known yet: again, after a pause that grows with each try.
     *
     * @param isReported whether the operator already has a log line of the reason, such as an outage of the gateway; any other
     *     reason is logged for each step
     * @param failure what was thrown; absent if nothing was
     */
    record Unresolved(
            Step step,
            String reason,
            boolean isReported,
            @Nullable Throwable failure) implements StepResult {

        /** For a reason that is logged elsewhere. */
        public Unresolved(Step step, String reason) {
            this(step, reason, true, null);
        }

        /** The service answered, but without an outcome. */
        public static Unresolved unexpected(Step step, String reason) {
            return new Unresolved(step, reason, false, null);
        }

        /** As if the handler had thrown the failure, but with a changed step. */
        public static Unresolved failed(Step step, Throwable failure) {
            return new Unresolved(step, failure.toString(), false, failure);
        }
    }

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

    /**
     * Nothing is left to do here, and another step follows in the same run. Until the run ends, the row stays this step's: a run
     * that fails or dies begins with this step again, so it must lead to the same next one again.
     */
    record Then(Step next) implements StepResult {}

    /** Another step takes its place, in one write: from now on there is no way back to this one. */
    record Instead(Step step) implements StepResult {}
}
