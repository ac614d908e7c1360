package dev.onsale.query.readmodel;

import dev.onsale.api.EventCatalogue;
import dev.onsale.api.OnsaleEvent;

/**
 * A fact as it was told by Kafka.
 *
 * @param event what happened
 * @param position place in the whole log, growing within one aggregate
 * @param sequence number within the aggregate, from 0 without holes
 */
public record Fact<E extends OnsaleEvent>(E event, long position, long sequence) {

    public String type() {
        return EventCatalogue.typeOf(event.getClass()).value();
    }

    @Override
    public String toString() {
        return type() + " of sale " + event.saleKey() + " at position " + position;
    }
}
