package dev.onsale.command.store;

import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;

/**
 * The shards for which one batch is decided, each with the epoch under which this node owns it. The commit of the batch compares
 * the epochs with those in the database. Filled by the thread that decides the batch.
 */
public final class WriteClaim {

    private static final String CLAIM = WriteClaim.class.getName();
    private static final String EPOCH = CLAIM + ".epoch";

    private final ShardOwnership ownership;
    private final long[] epochs = new long[Shards.COUNT];

    public WriteClaim(ShardOwnership ownership) {
        this.ownership = ownership;
    }

    /** Attaches the claim to the root unit of work of its batch. */
    public void attachTo(UnitOfWork<?> root) {
        root.resources().put(CLAIM, this);
    }

    static WriteClaim of(UnitOfWork<?> root) {
        WriteClaim claim = root.getResource(CLAIM);
        return claim == null ? new WriteClaim(ShardOwnership.ALL) : claim;
    }

    /** Adds a shard. False if it is not certainly this node's. */
    public boolean add(int shard) {
        if (epochs[shard] == ShardOwnership.NOT_OWNED) {
            epochs[shard] = ownership.epoch(shard);
        }
        return epochs[shard] != ShardOwnership.NOT_OWNED;
    }

    /** Whether the shard has been this node's all the time since it was added. */
    public boolean isHeld(int shard) {
        return ownership.epoch(shard) == epochs[shard];
    }

    /** The epoch of a shard of this claim. */
    public long epoch(int shard) {
        return epochs[shard];
    }

    /** Notes the epoch of the one command of a nested unit of work. */
    public void mark(UnitOfWork<?> nested, int shard) {
        nested.resources().put(EPOCH, epochs[shard]);
    }

    /**
     * The epoch of the shard of the command that is being decided, 0 if it has none. State in memory that was made under another
     * epoch may be stale.
     */
    public static long currentEpoch() {
        Long epoch = CurrentUnitOfWork.get().getResource(EPOCH);
        return epoch == null ? 0 : epoch;
    }
}
