package dev.onsale.query.readmodel;

import dev.onsale.api.EventCatalogue;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.Topics;
import dev.onsale.api.reservation.ReservationEvent;
import java.util.List;

/** Who consumes facts: each group has its own pace, its own offsets and its own dead letters. */
public enum ConsumerGroup {
    /** What buyers and operators look at. */
    READ_MODELS,
    /** What is counted of sales. */
    STATISTICS;

    /** For metrics. */
    public String label() {
        return switch (this) {
            case READ_MODELS -> "read-models";
            case STATISTICS -> "statistics";
        };
    }

    public List<String> topics() {
        return switch (this) {
            case READ_MODELS -> List.of(Topics.RESERVATION_EVENTS, Topics.COUPON_EVENTS, Topics.WALLET_EVENTS);
            case STATISTICS -> List.of(Topics.RESERVATION_EVENTS);
        };
    }

    /** What its projections fold. */
    public List<Class<? extends OnsaleEvent>> families() {
        return switch (this) {
            case READ_MODELS -> EventCatalogue.FAMILIES;
            case STATISTICS -> List.of(ReservationEvent.class);
        };
    }
}
