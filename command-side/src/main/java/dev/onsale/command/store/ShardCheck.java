package dev.onsale.command.store;

import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Compares the epochs of a group's shards with those in the database, inside the group's transaction. The rows are read under a
 * shared lock: a change of the owner waits for the commit, and the new owner reads what was committed.
 */
final class ShardCheck {

    private final ShardOwnership ownership;
    private final JdbcTemplate jdbc;
    private final TransactionTemplate transactions;

    ShardCheck(DataSource dataSource, ShardOwnership ownership) {
        this.ownership = ownership;
        this.jdbc = new JdbcTemplate(dataSource);
        this.transactions = new TransactionTemplate(new JdbcTransactionManager(dataSource));
    }

    /**
     * An SQL condition that holds while this node owns all the shards, or {@code null} if there is nothing to check. Epochs only
     * grow, so their sum is right only if each of them is.
     *
     * @throws ShardNotOwnedException if two claims have different epochs of one shard
     */
    @Nullable
    String condition(List<WriteClaim> claims) {
        if (!ownership.isChecked()) {
            return null;
        }
        long[] epochs = merged(claims);
        StringBuilder shards = new StringBuilder();
        for (int shard = 0; shard < epochs.length; shard++) {
            if (epochs[shard] != ShardOwnership.NOT_OWNED) {
                shards.append(shards.isEmpty() ? "" : ",").append(shard);
            }
        }
        return shards.isEmpty()
                ? null
                : "(SELECT SUM(epoch) FROM shard_owner WHERE shard IN (" + shards + ") LOCK IN SHARE MODE) = "
                        + Arrays.stream(epochs).sum();
    }

    private static long[] merged(List<WriteClaim> claims) {
        long[] epochs = new long[Shards.COUNT];
        for (WriteClaim claim : claims) {
            for (int shard = 0; shard < epochs.length; shard++) {
                long epoch = claim.epoch(shard);
                if (epoch != ShardOwnership.NOT_OWNED) {
                    if (epochs[shard] != ShardOwnership.NOT_OWNED && epochs[shard] != epoch) {
                        throw new ShardNotOwnedException("Shard " + shard + " was lost and gained again meanwhile");
                    }
                    epochs[shard] = epoch;
                }
            }
        }
        return epochs;
    }

    /** Runs a write that has its own statements. The check is last: the rows are locked only until the commit. */
    void inTransaction(WriteClaim claim, Runnable write) {
        String condition = condition(List.of(claim));
        if (condition == null) {
            write.run();
            return;
        }
        transactions.executeWithoutResult(status -> {
            write.run();
            if (!Boolean.TRUE.equals(jdbc.queryForObject("SELECT " + condition, Boolean.class))) {
                throw refused();
            }
        });
    }

    /** The database has refused a write. */
    ShardNotOwnedException refused() {
        ownership.suspect();
        return new ShardNotOwnedException("Another node owns a shard of this write; nothing was written");
    }
}
