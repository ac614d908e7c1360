package dev.onsale.eventlog;

import java.time.Instant;

/**
 * One row of the event store, unread: the payload stays JSON.
 *
 * @param position place in the whole log, from 1, growing, with holes
 * @param eventId identifier of the event
 * @param aggregateType what the event belongs to, such as {@code Seat}
 * @param aggregateId which one
 * @param sequence number within the aggregate, from 0 without holes
 * @param type logical type, such as {@code onsale.seat-held}
 * @param version version of the logical type
 * @param occurredAt when it was written down
 * @param payloadJson the fact as JSON
 */
public record StoredEvent(
        long position,
        String eventId,
        String aggregateType,
        String aggregateId,
        long sequence,
        String type,
        int version,
        Instant occurredAt,
        String payloadJson) {}
