package dev.onsale.waitingroom.queue;

import org.jspecify.annotations.Nullable;

/**
 * What is known of who joins, besides the name.
 *
 * @param address digest of the network address; absent if it is not known
 * @param work challenge whose proof of work was checked; absent if none was shown
 * @param proof the proof of work as it was shown, to be checked again by who takes the join from the topic
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
