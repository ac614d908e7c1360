package dev.onsale.proof.sealing;

import dev.onsale.proof.seal.Digest;
import dev.onsale.proof.seal.LogRow;
import dev.onsale.proof.seal.LogRows;
import dev.onsale.proof.seal.MerkleTree;
import dev.onsale.proof.seal.Seal;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Seals the next block of the log in one transaction. Several processes may run it; a database lock serialises them.
 * Before it signs, it compares what it extends with what the last seal covers, by its own memory.
 */
@Component
class Sealer {

    private static final int TRANSACTION_SECONDS_MAX = 60;

    /** At the start all heads are read, and after an upgrade all seals. */
    private static final int START_SECONDS_MAX = 3_600;

    private final SealStore store;
    private final TreeStore trees;
    private final RecordStore records;
    private final RoomReader rooms;
    private final BlockWriter blocks;
    private final GapSafeReader rows;
    private final Clock clock;
    private final int blockEventsMax;
    private final @Nullable SealKey key;
    private final HeadFile file;
    private final TrustedHead head;
    private final TransactionTemplate transaction;

    Sealer(
            DataSource dataSource,
            SealStore store,
            TreeStore trees,
            RecordStore records,
            RoomReader rooms,
            SealSettings settings,
            Clock clock) {
        LogRows log = new LogRows(JdbcClient.create(dataSource));
        this.store = store;
        this.trees = trees;
        this.records = records;
        this.rooms = rooms;
        this.clock = clock;
        this.blockEventsMax = settings.blockEventsMax();
        this.rows = new GapSafeReader(log, clock, settings.gapPatience());
        this.key = settings.keyFile() == null ? null : SealKey.inFile(settings.keyFile());
        this.file = new HeadFile(settings.keyFile());
        RewriteSearch search = new RewriteSearch(store, records, log);
        this.head = new TrustedHead(store, trees, key, file, search);
        this.blocks = new BlockWriter(store, records, search);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        // With READ COMMITTED the locking read of a gap does not lock the gap itself, where writers insert.
        this.transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
    }

    /** A seal with what the process knows after it. */
    private record Made(Seal seal, Digest digest, List<Digest> frontier, List<RoomReader.Unsealed> rooms) {}

    /**
     * Seals the next block. Returns empty if nothing can be sealed yet.
     *
     * @throws SealMismatchException if the tables are not what the last seal covers
     */
    synchronized Optional<Seal> sealNext() {
        return sealNext(false);
    }

    /** As {@link #sealNext()}; an empty log gets a first seal, so that witnesses can note one before the first sale. */
    synchronized Optional<Seal> sealNextOrFirst() {
        return sealNext(true);
    }

    private Optional<Seal> sealNext(boolean evenEmpty) {
        boolean known = head.isKnown();
        blocks.begin(head.sales());
        transaction.setTimeout(known ? TRANSACTION_SECONDS_MAX : START_SECONDS_MAX);
        try {
            Optional<Made> made = Objects.requireNonNull(transaction.execute(status -> sealNextInTurn(evenEmpty)));
            made.ifPresent(this::remember);
            return made.map(Made::seal);
        } catch (RuntimeException failure) {
            // The tree may contain changes that were rolled back.
            blocks.undo();
            if (!known) {
                // So may the nodes of the tree over the seals, which the start has stored.
                head.forget();
            }
            throw failure;
        }
    }

    private void remember(Made made) {
        head.remember(made.seal(), made.digest(), made.frontier(), head.sales());
        if (key != null) {
            file.write(made.seal().number(), made.digest());
        }
        rooms.sealed(made.rooms());
    }

    /**
     * Seals until all present records of the sale's waiting room are sealed, for an export.
     *
     * @return false if that did not succeed within a number of blocks
     */
    synchronized boolean sealRoom(String saleKey, int blocksMax) {
        for (int block = 0; block < blocksMax && !rooms.isSealed(saleKey); block++) {
            Optional<String> read = records.cursor(saleKey);
            if (sealNext().isEmpty()
                    && !rooms.isSealed(saleKey)
                    && records.cursor(saleKey).equals(read)) {
                return false;
            }
        }
        return rooms.isSealed(saleKey);
    }

    /** The last sealed position, whichever process sealed it. */
    long lastPosition() {
        return store.head().map(stored -> stored.seal().lastPosition()).orElse(0L);
    }

    private Optional<Made> sealNextInTurn(boolean evenEmpty) {
        store.takeTurn();
        Optional<StoredSeal> newest = store.head();
        head.follow(newest);
        blocks.begin(head.sales());
        List<LogRow> block = rows.after(head.lastPosition(), blockEventsMax);
        List<RoomReader.Unsealed> unsealed = rooms.next(Math.max(1, blockEventsMax - block.size()));
        // The first seal of version 2 covers the trees of an older version, also if nothing happens any more.
        boolean first = newest.map(stored -> stored.seal().tree() == null).orElse(evenEmpty);
        boolean any = unsealed.stream().anyMatch(room -> !room.records().isEmpty());
        if (block.isEmpty() && !any && !first) {
            // The next page may have new records.
            unsealed.forEach(room -> records.cursor(room.saleKey(), room.cursor()));
            rooms.sealed(unsealed);
            return Optional.empty();
        }
        return Optional.of(seal(block, unsealed, first));
    }

    private Made seal(List<LogRow> block, List<RoomReader.Unsealed> unsealed, boolean first) {
        long number = head.number() + 1;
        if (first && number > 1) {
            trees.insert(number - 1, head.sales().occupied());
        }
        BlockWriter.Written written = blocks.write(number, block, unsealed);
        Seal seal = new Seal(
                number,
                head.digest(),
                block.isEmpty() ? head.lastPosition() + 1 : block.getFirst().position(),
                block.isEmpty() ? head.lastPosition() : block.getLast().position(),
                block.size(),
                written.leaves().size() - (long) block.size(),
                MerkleTree.of(written.leaves()).root(),
                head.sales().root(),
                head.treeRoot(),
                clock.instant().toString());
        trees.insert(number, written.nodes());
        Digest digest = seal.digest();
        List<TreeStore.Node> nodes = new ArrayList<>();
        List<Digest> frontier =
                head.with(digest, (level, index, node) -> nodes.add(new TreeStore.Node(level, index, node)));
        trees.insert(nodes);
        if (key != null) {
            store.insertKey(key);
        }
        store.insert(
                new StoredSeal(seal, digest, key == null ? null : key.id(), key == null ? null : key.sign(digest)));
        return new Made(seal, digest, frontier, unsealed);
    }
}
