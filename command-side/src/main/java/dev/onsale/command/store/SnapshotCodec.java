package dev.onsale.command.store;

import dev.onsale.api.OnsaleEvent;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** How the state of one kind of aggregate is written into a snapshot and read back. */
public interface SnapshotCodec<T> {

    /** The type under which the aggregate's facts are stored. */
    String aggregateType();

    Class<T> stateType();

    /** A snapshot of another version is ignored, and the log replayed: a format is never migrated. */
    int version();

    /** The state before the first fact. */
    T empty();

    /** Applies an event to a state. It never refuses. */
    void fold(T state, OnsaleEvent fact);

    void write(T state, DataOutputStream out) throws IOException;

    /**
     * @throws IOException if this cannot be such a state
     */
    T read(DataInputStream in) throws IOException;
}
