package dev.onsale.proof.sealing;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.eventlog.EventJson;
import dev.onsale.proof.export.ExportLine;
import dev.onsale.proof.export.Receipt;
import dev.onsale.proof.invariant.SoldOutFold;
import dev.onsale.proof.seal.Digest;
import dev.onsale.proof.seal.LogRow;
import dev.onsale.proof.seal.LogRows;
import dev.onsale.proof.seal.MerkleTree;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Makes receipts: the sealed facts about one buyer and those of the sale that name nobody, each with its path to the
 * newest seal, and when no seat was left. Blocks.
 */
@Component
class Receipts {

    private static final int FACTS_MAX = 500;
    private static final int POSITIONS_AT_ONCE = 500;

    private final SealStore store;
    private final TreeStore trees;
    private final RecordStore records;
    private final SealedBlocks blocks;
    private final SaleFacts sales;
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
            SealedBlocks blocks,
            SaleFacts sales,
            SealSettings settings,
            Clock clock) {
        this.store = store;
        this.trees = trees;
        this.records = records;
        this.blocks = blocks;
        this.sales = sales;
        this.jdbc = JdbcClient.create(dataSource);
        this.rows = new LogRows(jdbc);
        this.clock = clock;
        this.key = settings.keyFile() == null ? null : SealKey.inFile(settings.keyFile());
        this.snapshot = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        this.snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        this.snapshot.setReadOnly(true);
    }

    /** @throws RefusedException with {@code SALE_NOT_FOUND} if nothing of this sale is sealed */
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
        Optional<SealStore.Sale> sale = store.sale(saleKey);
        List<RecordStore.Sealed> ofRoom = store.sale(RecordStore.rowKey(saleKey))
                .map(room -> records.of(room.no(), buyer, FACTS_MAX))
                .orElse(List.of());
        if (ofRoom.isEmpty()
                && sale.filter(found -> found.sealed().events() > 0).isEmpty()) {
            throw new RefusedException(
                    RefusalCode.SALE_NOT_FOUND, "The sealed log has nothing about sale " + saleKey + " yet");
        }
        long upTo = head.seal().lastPosition();
        SaleFacts.Known known =
                sale.map(found -> sales.of(found, upTo)).orElseGet(() -> new SaleFacts.Known(List.of(), List.of()));
        Proofs proofs = new Proofs(head);
        ofRoom.forEach(proofs::add);
        TreeSet<Long> positions = new TreeSet<>(known.ofNobody());
        positions.addAll(ownPositions(saleKey, buyer, upTo));
        positions.addAll(revokedCoupons(saleKey, buyer, upTo));
        positions.forEach(position -> proofs.add(row(position)));
        List<Receipt.SoldOut> soldOut =
                known.soldOut().stream().map(proofs::soldOut).toList();
        return new Receipt.Body(
                Receipt.FORMAT,
                saleKey,
                buyer,
                clock.instant().toString(),
                SaleProofs.line(head),
                store.keys(),
                proofs.facts,
                proofs.ofSeals(),
                proofs.unproven,
                soldOut);
    }

    /** Coupons and reservations of the buyer in this sale, and everything that happened to these reservations. */
    private List<Long> ownPositions(String saleKey, String buyer, long upTo) {
        List<Long> own = new ArrayList<>();
        long after = 0;
        while (own.size() < FACTS_MAX) {
            List<Long> page = jdbc.sql("SELECT DISTINCT f.global_index FROM domain_event o JOIN domain_event f ON"
                            + " (o.payload_type = 'onsale.reservation-held' AND f.aggregate_identifier ="
                            + " o.aggregate_identifier) OR f.global_index = o.global_index"
                            + " WHERE o.buyer_id = ? AND o.payload_type IN ('onsale.reservation-held',"
                            + " 'onsale.coupon-issued', 'onsale.coupon-redeemed', 'onsale.coupon-restored')"
                            + " AND f.global_index > ? AND f.global_index <= ? ORDER BY f.global_index LIMIT ?")
                    .params(buyer, after, upTo, POSITIONS_AT_ONCE)
                    .query(Long.class)
                    .list();
            page.stream()
                    .filter(position -> SaleKeys.of(row(position)).equals(saleKey))
                    .limit(FACTS_MAX - own.size())
                    .forEach(own::add);
            if (page.size() < POSITIONS_AT_ONCE) {
                break;
            }
            after = page.getLast();
        }
        return own;
    }

    /** Found by what operators did in the sale, because the index of a buyer's own facts does not have them. */
    private List<Long> revokedCoupons(String saleKey, String buyer, long upTo) {
        return jdbc.sql("SELECT global_index FROM domain_event WHERE operated_aggregate = ?"
                        + " AND payload_type = 'onsale.coupon-revoked' AND global_index <= ?"
                        + " AND JSON_VALUE(CONVERT(payload USING utf8mb4), '$.buyerId') = ?"
                        + " ORDER BY global_index LIMIT ?")
                .params(saleKey, upTo, buyer, FACTS_MAX)
                .query(Long.class)
                .list();
    }

    private LogRow row(long position) {
        LogRow row = rows.after(position - 1, 1).getFirst();
        if (row.position() != position) {
            throw new IllegalStateException("The event at position " + position + " is not in the store any more");
        }
        return row;
    }

    /** Collects facts with the seals that cover them. */
    private final class Proofs {
        private final StoredSeal head;
        private final Map<Long, StoredSeal> named = new TreeMap<>();
        private final List<Receipt.Fact> facts = new ArrayList<>();
        private final List<Long> unproven = new ArrayList<>();

        Proofs(StoredSeal head) {
            this.head = head;
        }

        void add(RecordStore.Sealed record) {
            StoredSeal seal = named.computeIfAbsent(
                    record.seal(), number -> store.seal(number).orElseThrow());
            SealedBlocks.Block block = blocks.of(seal);
            facts.add(new Receipt.Fact(
                    record.seal(),
                    record.leaf(),
                    block.size(),
                    block.path(record.leaf()),
                    null,
                    ExportLine.Admission.of(record.number(), record.record())));
        }

        void add(LogRow event) {
            Receipt.Place place = place(event.position());
            if (place == null) {
                unproven.add(event.position());
            } else {
                facts.add(new Receipt.Fact(
                        place.seal(),
                        place.index(),
                        place.size(),
                        place.path(),
                        ExportLine.Event.of(0, event, Digest.ZERO),
                        null));
            }
        }

        /** {@code null} under a seal of version 1, for which there is no path. */
        private Receipt.@Nullable Place place(long position) {
            StoredSeal seal = store.over(position).orElseThrow();
            if (seal.seal().tree() == null) {
                return null;
            }
            named.put(seal.seal().number(), seal);
            SealedBlocks.Block block = blocks.of(seal);
            int index = block.indexOf(position);
            return new Receipt.Place(
                    position,
                    block.leaves().get(index).toString(),
                    seal.seal().number(),
                    index,
                    block.size(),
                    block.path(index));
        }

        Receipt.SoldOut soldOut(SoldOutFold.Span span) {
            SoldOutFold.Moment next = span.next();
            return new Receipt.SoldOut(
                    span.category(),
                    span.seats(),
                    span.last().time(),
                    place(span.last().position()),
                    next == null ? null : next.time(),
                    next == null ? null : place(next.position()));
        }

        List<Receipt.SealProof> ofSeals() {
            long before = head.seal().number() - 1;
            MerkleTree tree = trees.seals(before);
            return named.values().stream()
                    .map(seal -> new Receipt.SealProof(
                            SaleProofs.line(seal),
                            seal.seal().number() > before
                                    ? List.of()
                                    : tree.inclusion(seal.seal().number() - 1).stream()
                                            .map(Digest::toString)
                                            .toList()))
                    .toList();
        }
    }
}
