package dev.onsale.proof.invariant;

import dev.onsale.api.OnsaleEvent;
import org.jspecify.annotations.Nullable;

/**
 * One event of the log.
 *
 * @param position place in the whole log
 * @param aggregateType what it belongs to, such as {@code Seat}
 * @param aggregateId which one
 * @param sequence number within the aggregate, from 0
 * @param type logical type
 * @param fact the fact itself; absent if Onsale does not know the type
 */
public record LogEvent(
        long position,
        String aggregateType,
        String aggregateId,
        long sequence,
        String type,
        @Nullable OnsaleEvent fact) {}
