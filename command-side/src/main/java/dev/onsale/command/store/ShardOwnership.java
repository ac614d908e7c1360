package dev.onsale.command.store;

/**
 * Which shards this node owns. A shard has one owner at a time, and its epoch grows with each change of the owner. Thread-safe.
 */
public interface ShardOwnership {

    /** Epoch of a shard that is not certainly this node's. */
    long NOT_OWNED = 0;

    /** For a process without other nodes. */
    ShardOwnership ALL = new ShardOwnership() {
        @Override
        public long epoch(int shard) {
            return 1;
        }

        @Override
        public boolean isChecked() {
            return false;
        }

        @Override
        public boolean enter(int shard) {
            return true;
        }

        @Override
        public void leave(int shard) {
            // Nothing waits for the end of a command.
        }
    };

    /** The epoch of a shard while it is certainly this node's, else {@link #NOT_OWNED}. */
    long epoch(int shard);

    /** Whether each write compares the epochs with those in the database. */
    boolean isChecked();

    /** Counts a command in. False if the shard takes none here; after true, {@link #leave} must follow. */
    boolean enter(int shard);

    /** The command is answered. */
    void leave(int shard);

    /** The database has another epoch: this node trusts nothing until it has read its leases again. */
    default void suspect() {}

    /** Gives all shards up for good: this node writes nothing from now on. */
    default void giveUp() {}
}
