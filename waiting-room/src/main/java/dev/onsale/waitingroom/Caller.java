package dev.onsale.waitingroom;

import org.jspecify.annotations.Nullable;

/**
 * What is known of who joins, besides the name.
 *
 * @param address digest of the network address; absent if it is not known
 * @param work challenge whose proof of work was checked; absent if none was shown
 */
record Caller(@Nullable String address, @Nullable String work) {

    static final Caller UNKNOWN = new Caller(null, null);
}
