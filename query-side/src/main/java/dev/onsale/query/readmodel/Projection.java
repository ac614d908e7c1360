package dev.onsale.query.readmodel;

/** Folds facts into rows. Runs in the transaction of the batch and writes nothing but rows of the database in it. */
public interface Projection {

    /**
     * Takes what concerns it. A fact that its rows have seen changes nothing.
     *
     * @throws FactOutOfPlaceException if a fact has nothing to stand on
     */
    void apply(Facts facts, ConsumptionOutcomes outcomes);

    /** Whose it is. */
    default ConsumerGroup group() {
        return ConsumerGroup.READ_MODELS;
    }
}
