package dev.onsale.proof.invariant;

import dev.onsale.api.OnsaleEvent;
import org.jspecify.annotations.Nullable;

/**
 * One event of the log.
 *
 * @param position position in the whole log
 * @param aggregateType type of the aggregate, such as {@code Seat}
 * @param aggregateId id of the aggregate
 * @param sequence number of the event within the aggregate, from 0
 * @param type logical type
 * @param fact the event's payload; absent if the type is unknown
 */
public record LogEvent(
        long position,
        String aggregateType,
        String aggregateId,
        long sequence,
        String type,
        @Nullable OnsaleEvent fact) {}
