package dev.onsale.proof.sealing;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.eventlog.EventJson;
import dev.onsale.proof.export.ExportLine;
import dev.onsale.proof.export.Receipt;
import dev.onsale.proof.seal.Digest;
import dev.onsale.proof.seal.LogRow;
import dev.onsale.proof.seal.LogRows;
import dev.onsale.proof.seal.MerkleTree;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Makes receipts: the sealed facts about one buyer, each with its path to the newest seal. Blocks. */
@Component
class Receipts {

    private static final int FACTS_MAX = 500;
    private static final int ROWS_AT_ONCE = 1_000;

    private final SealStore store;
    private final TreeStore trees;
    private final RecordStore records;
    private final LogRows rows;
    private final JdbcClient jdbc;
    private final Clock clock;
    private final @Nullable SealKey key;
    private final TransactionTemplate snapshot;

    Receipts(
            DataSource dataSource,
            SealStore store,
            TreeStore trees,
            RecordStore records,
            SealSettings settings,
            Clock clock) {
        this.store = store;
        this.trees = trees;
        this.records = records;
        this.jdbc = JdbcClient.create(dataSource);
        this.rows = new LogRows(jdbc);
        this.clock = clock;
        this.key = settings.keyFile() == null ? null : SealKey.inFile(settings.keyFile());
        this.snapshot = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        this.snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        this.snapshot.setReadOnly(true);
    }

    /** @throws RefusedException with {@code SALE_NOT_FOUND} if nothing about the buyer is sealed in this sale */
    Receipt of(String saleKey, String buyer) {
        Receipt.Body body = Objects.requireNonNull(snapshot.execute(status -> body(saleKey, buyer)));
        String text = EventJson.mapper().writeValueAsString(body);
        Digest digest = Digest.sha256(text.getBytes(StandardCharsets.UTF_8));
        return new Receipt(text, key == null ? null : key.id(), key == null ? null : key.sign(digest));
    }

    private Receipt.Body body(String saleKey, String buyer) {
        StoredSeal head = store.head()
                .filter(newest -> newest.seal().tree() != null)
                .orElseThrow(() -> new RefusedException(RefusalCode.SEAL_NOT_FOUND, "Nothing is sealed yet"));
        List<LogRow> events = events(saleKey, buyer, head.seal().lastPosition());
        List<RecordStore.Sealed> ofRoom = store.sale(RecordStore.rowKey(saleKey))
                .map(room -> records.of(room.no(), buyer, FACTS_MAX))
                .orElse(List.of());
        if (events.isEmpty() && ofRoom.isEmpty()) {
            throw new RefusedException(
                    RefusalCode.SALE_NOT_FOUND, "The sealed log of sale " + saleKey + " has nothing about you yet");
        }
        Map<Long, Block> blocks = new HashMap<>();
        Map<Long, StoredSeal> named = new TreeMap<>();
        List<Receipt.Fact> facts = new ArrayList<>();
        List<Long> unproven = new ArrayList<>();
        for (RecordStore.Sealed record : ofRoom) {
            StoredSeal seal = store.seal(record.seal()).orElseThrow();
            named.put(record.seal(), seal);
            Block block = blocks.computeIfAbsent(record.seal(), number -> block(seal));
            facts.add(block.fact(
                    record.seal(), record.leaf(), null, ExportLine.Admission.of(record.number(), record.record())));
        }
        for (LogRow event : events) {
            StoredSeal seal = store.over(event.position()).orElseThrow();
            if (seal.seal().tree() == null) {
                unproven.add(event.position());
            } else {
                long number = seal.seal().number();
                named.put(number, seal);
                Block block = blocks.computeIfAbsent(number, key -> block(seal));
                facts.add(block.fact(
                        number,
                        block.positions().indexOf(event.position()),
                        ExportLine.Event.of(0, event, Digest.ZERO),
                        null));
            }
        }
        return new Receipt.Body(
                Receipt.FORMAT,
                saleKey,
                buyer,
                clock.instant().toString(),
                SaleProofs.line(head),
                store.keys(),
                facts,
                proofs(named, head),
                unproven);
    }

    private List<Receipt.SealProof> proofs(Map<Long, StoredSeal> named, StoredSeal head) {
        long before = head.seal().number() - 1;
        MerkleTree tree = trees.seals(before);
        return named.values().stream()
                .map(seal -> new Receipt.SealProof(
                        SaleProofs.line(seal),
                        seal.seal().number() > before
                                ? List.of()
                                : hex(tree.inclusion(seal.seal().number() - 1))))
                .toList();
    }

    private static List<String> hex(List<Digest> digests) {
        return digests.stream().map(Digest::toString).toList();
    }

    /** Coupons and reservations of the buyer, and everything that happened to these reservations. */
    private List<LogRow> events(String saleKey, String buyer, long upTo) {
        List<Long> own = jdbc.sql("SELECT DISTINCT f.global_index FROM domain_event o JOIN domain_event f ON"
                        + " (o.payload_type = 'onsale.reservation-held' AND f.aggregate_identifier ="
                        + " o.aggregate_identifier) OR f.global_index = o.global_index"
                        + " WHERE o.buyer_id = ? AND o.payload_type IN ('onsale.reservation-held',"
                        + " 'onsale.coupon-issued', 'onsale.coupon-redeemed', 'onsale.coupon-restored')"
                        + " AND f.global_index <= ? ORDER BY f.global_index LIMIT ?")
                .params(buyer, upTo, FACTS_MAX)
                .query(Long.class)
                .list();
        List<LogRow> events = new ArrayList<>();
        for (long position : own) {
            rows.after(position - 1, 1).stream()
                    .filter(row ->
                            row.position() == position && SaleKeys.of(row).equals(saleKey))
                    .forEach(events::add);
        }
        return events;
    }

    /** The leaves of one block. */
    private record Block(MerkleTree tree, long size, List<Long> positions) {

        Receipt.Fact fact(
                long seal, long index, ExportLine.@Nullable Event event, ExportLine.@Nullable Admission record) {
            return new Receipt.Fact(seal, index, size, hex(tree.inclusion(index)), event, record);
        }
    }

    private Block block(StoredSeal seal) {
        List<LogRow> events = new ArrayList<>();
        long after = seal.seal().firstPosition() - 1;
        long last = seal.seal().lastPosition();
        while (after < last) {
            List<LogRow> page = rows.after(after, ROWS_AT_ONCE);
            page.stream().filter(row -> row.position() <= last).forEach(events::add);
            after = page.size() < ROWS_AT_ONCE ? last : page.getLast().position();
        }
        List<Digest> leaves =
                new ArrayList<>(events.stream().map(LogRow::digest).toList());
        leaves.addAll(records.leaves(seal.seal().number()));
        MerkleTree tree = MerkleTree.of(leaves);
        if (!tree.root().equals(seal.seal().log())) {
            throw new IllegalStateException(
                    "The events of seal " + seal.seal().number() + " are not those that were sealed");
        }
        return new Block(
                tree, leaves.size(), events.stream().map(LogRow::position).toList());
    }
}
