package dev.onsale.saga.step;

/**
 * Takes steps of one kind. It may run more than once for a step, in rare cases twice at the same time (a node that was
 * believed dead), so whatever it does must bear a repeat.
 *
 * @param <S> the kind
 */
public interface StepHandler<S extends Step> {

    /** The kind of step, as stored. */
    String kind();

    Class<S> type();

    /**
     * A handler that may have had an effect elsewhere says so by {@link StepResult.Unresolved} with a changed step, after an
     * exception by {@link StepResult.Unresolved#failed}. An exception that it throws leaves the step as it was.
     *
     * @throws InterruptedException if the node stops; the step is tried again
     * @throws RuntimeException if it failed; the step is retried without limit, with growing pauses
     */
    StepResult take(S step) throws InterruptedException;

    /** The step after its node died in a run, which may have had its effect. */
    default S interrupted(S step) {
        return step;
    }
}
