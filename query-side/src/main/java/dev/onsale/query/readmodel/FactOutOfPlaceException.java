package dev.onsale.query.readmodel;

/**
 * A fact of something that the read model has never heard of: what came before it was dead-lettered or has left Kafka. To
 * try again cannot help; once the earlier dead letters were retried in order, this one can be.
 */
public final class FactOutOfPlaceException extends RuntimeException {

    public FactOutOfPlaceException(Fact<?> fact, String missing) {
        super("No " + missing + " for " + fact);
    }
}
