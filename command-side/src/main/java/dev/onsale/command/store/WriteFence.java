package dev.onsale.command.store;

/** Says whether this node may write facts. A write carries the epoch, and the database refuses it if another node has a newer one. */
public interface WriteFence {

    /** For a process without other nodes. */
    WriteFence NONE = new WriteFence() {
        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public long epoch() {
            return NO_EPOCH;
        }
    };

    /** Writes are not checked. */
    long NO_EPOCH = -1;

    /** Whether this node may take commands, as far as it knows itself. */
    boolean isOpen();

    /** What {@code command_node.epoch} has to be, or {@link #NO_EPOCH}. */
    long epoch();

    /** Gives the lease up: this node writes nothing from now on, and another node may start. */
    default void giveUp() {}
}
