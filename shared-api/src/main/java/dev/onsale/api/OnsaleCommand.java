package dev.onsale.api;

/**
 * An order that may be refused. A command touches only aggregates that share its routing key; whatever crosses keys is
 * the work of the saga.
 */
public interface OnsaleCommand {

    /** The key whose single writer decides this command: a performance, campaign, buyer or payment. */
    String routingKey();
}
