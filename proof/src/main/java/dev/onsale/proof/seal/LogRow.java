package dev.onsale.proof.seal;

import org.jspecify.annotations.Nullable;

/**
 * One row of the event store, letter for letter, with everything that a seal covers.
 *
 * @param position place in the whole log
 * @param eventId identifier of the event
 * @param aggregateType what the event belongs to, such as {@code Seat}
 * @param aggregateId which one
 * @param sequence number within the aggregate, from 0
 * @param type logical type, such as {@code onsale.seat-held}
 * @param revision version of the logical type
 * @param timestamp when it was written down, as stored
 * @param payload the fact as stored
 * @param metaData what Axon stored beside it
 */
public record LogRow(
        long position,
        String eventId,
        String aggregateType,
        String aggregateId,
        long sequence,
        String type,
        @Nullable String revision,
        String timestamp,
        String payload,
        @Nullable String metaData) {

    public Digest digest() {
        return Digest.over("onsale.event.v1")
                .put(position)
                .put(eventId)
                .put(aggregateType)
                .put(aggregateId)
                .put(sequence)
                .put(type)
                .put(revision)
                .put(timestamp)
                .put(payload)
                .put(metaData)
                .digest();
    }

    /** The next link of a chain. */
    public Digest link(Digest before) {
        return Digest.over("onsale.link.v1").put(before).put(digest()).digest();
    }
}
