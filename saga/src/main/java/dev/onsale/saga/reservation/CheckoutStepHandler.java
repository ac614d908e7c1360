package dev.onsale.saga.reservation;

import dev.onsale.saga.step.StepHandler;

/** A handler of one kind of checkout step. */
abstract class CheckoutStepHandler<S extends CheckoutStep> implements StepHandler<S> {

    private final String kind;
    private final Class<S> type;

    /**
     * @param kind of the step, as stored
     */
    CheckoutStepHandler(String kind, Class<S> type) {
        this.kind = kind;
        this.type = type;
    }

    @Override
    public final String kind() {
        return kind;
    }

    @Override
    public final Class<S> type() {
        return type;
    }
}
