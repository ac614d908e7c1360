package dev.onsale.proof.sealing;

import dev.onsale.proof.seal.Digest;
import dev.onsale.proof.seal.LogRow;
import dev.onsale.proof.seal.LogRows;
import dev.onsale.proof.seal.SaleTree;
import dev.onsale.proof.seal.Seal;
import dev.onsale.proof.seal.SealedSale;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Seals the next block of the log in one transaction. Several processes may run it; a database lock serialises them.
 */
@Component
class Sealer {

    private static final int TRANSACTION_SECONDS_MAX = 60;

    private final SealStore store;
    private final GapSafeReader rows;
    private final Clock clock;
    private final int blockEventsMax;
    private final @Nullable SealKey key;
    private final TransactionTemplate transaction;

    /**
     * The tree as of the seal whose number is stored next to it. It is read again if another process has sealed since.
     */
    private SaleTree tree = new SaleTree();

    private long treeNumber;

    Sealer(DataSource dataSource, SealStore store, SealSettings settings, Clock clock) {
        this.store = store;
        this.clock = clock;
        this.blockEventsMax = settings.blockEventsMax();
        this.rows = new GapSafeReader(new LogRows(JdbcClient.create(dataSource)), clock, settings.gapPatience());
        this.key = settings.keyFile() == null ? null : SealKey.inFile(settings.keyFile());
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        this.transaction.setTimeout(TRANSACTION_SECONDS_MAX);
        // With READ COMMITTED the locking read of a gap does not lock the gap itself, where writers insert.
        this.transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
    }

    /** Seals the next block. Returns empty if no row can be sealed yet. */
    synchronized Optional<Seal> sealNext() {
        try {
            Optional<Seal> sealed = Objects.requireNonNull(transaction.execute(status -> sealNextInTurn()));
            sealed.ifPresent(seal -> treeNumber = seal.number());
            return sealed;
        } catch (RuntimeException failure) {
            // The tree may contain changes that were rolled back.
            tree = new SaleTree();
            treeNumber = 0;
            throw failure;
        }
    }

    /** The last sealed position, whichever process sealed it. */
    long lastPosition() {
        return store.head().map(stored -> stored.seal().lastPosition()).orElse(0L);
    }

    private Optional<Seal> sealNextInTurn() {
        store.takeTurn();
        Optional<StoredSeal> head = store.head();
        long number = head.map(stored -> stored.seal().number()).orElse(0L);
        List<LogRow> block =
                rows.after(head.map(stored -> stored.seal().lastPosition()).orElse(0L), blockEventsMax);
        if (block.isEmpty()) {
            return Optional.empty();
        }
        if (treeNumber != number) {
            tree = store.tree();
        }
        Digest log = Digest.ZERO;
        for (LogRow row : block) {
            log = row.link(log);
        }
        Seal seal = new Seal(
                number + 1,
                head.map(StoredSeal::digest).orElse(Digest.ZERO),
                block.getFirst().position(),
                block.getLast().position(),
                block.size(),
                log,
                appendToSales(block),
                clock.instant().toString());
        Digest digest = seal.digest();
        if (key != null) {
            store.insertKey(key);
        }
        store.insert(
                new StoredSeal(seal, digest, key == null ? null : key.id(), key == null ? null : key.sign(digest)));
        return Optional.of(seal);
    }

    /** Appends a block to the chains of its sales and returns the new root of the tree. */
    private Digest appendToSales(List<LogRow> block) {
        Map<String, List<LogRow>> bySale = new LinkedHashMap<>();
        block.forEach(row -> bySale.computeIfAbsent(SaleKeys.of(row), sale -> new ArrayList<>())
                .add(row));
        Map<String, SealStore.Sale> before = store.sales(bySale.keySet());
        List<SealStore.Sale> after = new ArrayList<>();
        List<SealStore.Link> links = new ArrayList<>(block.size());
        TreeSet<Integer> buckets = new TreeSet<>();
        bySale.forEach((saleKey, events) -> {
            SealStore.Sale sale = before.get(saleKey);
            if (sale == null) {
                throw new IllegalStateException("No row for sale " + saleKey);
            }
            long number = sale.sealed().events();
            Digest head = sale.sealed().head();
            for (LogRow event : events) {
                head = event.link(head);
                links.add(new SealStore.Link(sale.no(), ++number, event.position(), head));
            }
            after.add(new SealStore.Sale(
                    sale.no(), saleKey, new SealedSale(sale.sealed().sale(), number, head)));
            buckets.add(sale.sealed().bucket());
        });
        store.insert(links);
        store.update(after);
        tree.set(store.leaves(buckets));
        return tree.root();
    }
}
