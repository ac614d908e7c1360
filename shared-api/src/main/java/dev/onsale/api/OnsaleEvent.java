package dev.onsale.api;

/** A fact. Its stored name is its {@link LogicalType}, never its class name. */
public interface OnsaleEvent {

    /** The sale that the fact belongs to (performance or campaign id): facts of one sale keep their order everywhere. */
    String saleKey();
}
