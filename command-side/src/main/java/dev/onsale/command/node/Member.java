package dev.onsale.command.node;

import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/**
 * A node as its row tells.
 *
 * @param id new with each start, so that a row that is gone never returns
 * @param process identity of the operating system's process
 * @param address where other nodes connect to it
 * @param secret sealed, in Base64; {@code null} if other nodes cannot connect
 * @param renewals grows with each renewal of the lease
 * @param lapsed whether the lease is over by the clock of the database
 */
record Member(
        String id,
        State state,
        String process,
        String host,
        long pid,
        String address,
        int port,
        @Nullable String secret,
        long renewals,
        LocalDateTime since,
        boolean lapsed) {

    /** What a node does. Only a node that is ready gets shards. */
    enum State {
        STARTING,
        READY,
        LEAVING
    }

    boolean isReady() {
        return state == State.READY && !lapsed;
    }
}
