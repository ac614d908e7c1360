package dev.onsale.waitingroom.queue;

import org.jspecify.annotations.Nullable;

/**
 * Origin of a join.
 *
 * @param address digest of the network address, null if unknown
 * @param work verified challenge of the proof of work, null if none
 * @param proof proof of work as sent, verified again when the join is read from Kafka
 */
public record JoinOrigin(
        @Nullable String address,
        @Nullable String work,
        @Nullable String proof) {

    public static final JoinOrigin UNKNOWN = new JoinOrigin(null, null);

    public JoinOrigin(@Nullable String address, @Nullable String work) {
        this(address, work, null);
    }
}
