package dev.onsale.proof.seal;

import org.jspecify.annotations.Nullable;

/**
 * One row of the event store, exactly as stored, with everything that a seal covers.
 *
 * @param position position in the whole log
 * @param eventId identifier of the event
 * @param aggregateType type of the aggregate, such as {@code Seat}
 * @param aggregateId id of the aggregate
 * @param sequence number of the event within the aggregate, from 0
 * @param type logical type, such as {@code onsale.seat-held}
 * @param revision version of the logical type
 * @param timestamp when the event was stored, as stored
 * @param payload payload as stored
 * @param metaData Axon's metadata as stored
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

    /** The link of a hash chain after this row. */
    public Digest link(Digest before) {
        return Digest.over("onsale.link.v1").put(before).put(digest()).digest();
    }
}
