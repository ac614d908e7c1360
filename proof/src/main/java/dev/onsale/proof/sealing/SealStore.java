package dev.onsale.proof.sealing;

import dev.onsale.proof.export.ExportLine;
import dev.onsale.proof.seal.Digest;
import dev.onsale.proof.seal.LogRow;
import dev.onsale.proof.seal.LogRows;
import dev.onsale.proof.seal.SaleTree;
import dev.onsale.proof.seal.Seal;
import dev.onsale.proof.seal.SealedSale;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads and writes the tables of the seals. */
@Component
class SealStore {

    private static final String SEAL =
            "SELECT number, previous, first_position, last_position, events, records, log_digest,"
                    + " sales_digest, tree, sealed_at, seal, key_id, signature FROM seal";
    private static final String SALE = "SELECT sale_no, sale_key, sale_digest, events, head FROM sealed_sale";
    private static final int BATCH_SIZE = 500;
    private static final int LEAVES_AT_ONCE = 8_192;

    private final JdbcTemplate template;
    private final JdbcClient jdbc;

    SealStore(DataSource dataSource) {
        this.template = new JdbcTemplate(dataSource);
        this.jdbc = JdbcClient.create(template);
    }

    /** One row of {@code sealed_sale}. */
    record Sale(long no, String key, SealedSale sealed) {}

    /** One row of {@code sealed_event}. */
    record Link(long saleNo, long number, long position, Digest link) {}

    /** Acquires the sealing lock for the current transaction. Blocks while another process has it. */
    void takeTurn() {
        jdbc.sql("SELECT id FROM seal_turn WHERE id = 1 FOR UPDATE")
                .query(Long.class)
                .single();
    }

    Optional<StoredSeal> head() {
        return jdbc.sql(SEAL + " ORDER BY number DESC LIMIT 1")
                .query(SealStore::seal)
                .optional();
    }

    List<StoredSeal> after(long number, int limit) {
        return jdbc.sql(SEAL + " WHERE number > ? ORDER BY number LIMIT ?")
                .params(number, limit)
                .query(SealStore::seal)
                .list();
    }

    /** The first seal whose block ends at or after a position. */
    Optional<StoredSeal> over(long position) {
        return jdbc.sql(SEAL + " WHERE last_position >= ? ORDER BY last_position, number LIMIT 1")
                .param(position)
                .query(SealStore::seal)
                .optional();
    }

    private static @Nullable Digest tree(ResultSet row) throws SQLException {
        byte[] tree = row.getBytes("tree");
        return tree == null ? null : Digest.of(tree);
    }

    private static StoredSeal seal(ResultSet row, int index) throws SQLException {
        return new StoredSeal(
                new Seal(
                        row.getLong("number"),
                        Digest.of(row.getBytes("previous")),
                        row.getLong("first_position"),
                        row.getLong("last_position"),
                        row.getLong("events"),
                        row.getLong("records"),
                        Digest.of(row.getBytes("log_digest")),
                        Digest.of(row.getBytes("sales_digest")),
                        tree(row),
                        row.getString("sealed_at")),
                Digest.of(row.getBytes("seal")),
                row.getString("key_id"),
                row.getString("signature"));
    }

    void insert(StoredSeal stored) {
        Seal seal = stored.seal();
        template.update(
                "INSERT INTO seal (number, previous, first_position, last_position, events, records, log_digest,"
                        + " sales_digest, tree, sealed_at, seal, key_id, signature)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                seal.number(),
                seal.previous().bytes(),
                seal.firstPosition(),
                seal.lastPosition(),
                seal.events(),
                seal.records(),
                seal.log().bytes(),
                seal.sales().bytes(),
                seal.tree() == null ? null : seal.tree().bytes(),
                seal.sealedAt(),
                stored.digest().bytes(),
                stored.keyId(),
                stored.signature());
    }

    Optional<Sale> sale(String key) {
        return jdbc.sql(SALE + " WHERE sale_key = ?")
                .param(key)
                .query(SealStore::sale)
                .optional();
    }

    /**
     * Inserts rows of chains without a link.
     *
     * @param places digest that stands for each chain in the tree, by key of its row
     * @return numbers of the rows, by key
     */
    Map<String, Long> insertSales(Map<String, Digest> places) {
        if (places.isEmpty()) {
            return Map.of();
        }
        template.batchUpdate(
                "INSERT INTO sealed_sale (sale_key, bucket, sale_digest, events, head) VALUES (?, ?, ?, 0, ?)",
                places.entrySet(),
                BATCH_SIZE,
                (statement, place) -> {
                    SealedSale none = new SealedSale(place.getValue(), 0, Digest.ZERO);
                    statement.setString(1, place.getKey());
                    statement.setInt(2, none.bucket());
                    statement.setBytes(3, none.sale().bytes());
                    statement.setBytes(4, none.head().bytes());
                });
        Map<String, Long> numbers = new HashMap<>();
        jdbc.sql("SELECT sale_key, sale_no FROM sealed_sale WHERE sale_key IN (:keys)")
                .param("keys", places.keySet())
                .query((row, index) -> numbers.put(row.getString(1), row.getLong(2)))
                .list();
        return numbers;
    }

    private static Sale sale(ResultSet row, int index) throws SQLException {
        return new Sale(
                row.getLong("sale_no"),
                row.getString("sale_key"),
                new SealedSale(
                        Digest.of(row.getBytes("sale_digest")),
                        row.getLong("events"),
                        Digest.of(row.getBytes("head"))));
    }

    void update(Collection<Sale> sales) {
        template.batchUpdate(
                "UPDATE sealed_sale SET events = ?, head = ? WHERE sale_no = ?",
                sales,
                BATCH_SIZE,
                (statement, sale) -> {
                    statement.setLong(1, sale.sealed().events());
                    statement.setBytes(2, sale.sealed().head().bytes());
                    statement.setLong(3, sale.no());
                });
    }

    void insert(Collection<Link> links) {
        template.batchUpdate(
                "INSERT INTO sealed_event (sale_no, number, position, link) VALUES (?, ?, ?, ?)",
                links,
                BATCH_SIZE,
                (statement, link) -> {
                    statement.setLong(1, link.saleNo());
                    statement.setLong(2, link.number());
                    statement.setLong(3, link.position());
                    statement.setBytes(4, link.link().bytes());
                });
    }

    /** The Merkle tree over all sales as stored. */
    SaleTree tree() {
        SaleTree tree = new SaleTree();
        for (int from = 0; from < SaleTree.BUCKETS; from += LEAVES_AT_ONCE) {
            tree.set(leaves(jdbc.sql(SALE + " WHERE bucket BETWEEN :first AND :last")
                    .param("first", from)
                    .param("last", from + LEAVES_AT_ONCE - 1)));
        }
        return tree;
    }

    private static Map<Integer, Digest> leaves(JdbcClient.StatementSpec query) {
        Map<Integer, List<SealedSale>> sales = new HashMap<>();
        query.query(SealStore::sale).list().forEach(sale -> sales.computeIfAbsent(
                        sale.sealed().bucket(), bucket -> new ArrayList<>())
                .add(sale.sealed()));
        Map<Integer, Digest> leaves = new HashMap<>();
        sales.forEach((bucket, of) -> leaves.put(bucket, SaleTree.bucket(of)));
        return leaves;
    }

    /** The sales of one leaf. */
    List<SealedSale> leaf(int bucket) {
        return salesOf(bucket).stream().map(Sale::sealed).toList();
    }

    /** The rows of one leaf. */
    List<Sale> salesOf(int bucket) {
        return jdbc.sql(SALE + " WHERE bucket = ? ORDER BY sale_digest")
                .param(bucket)
                .query(SealStore::sale)
                .list();
    }

    /** The rows of the given leaves, which nobody can change before the transaction ends. */
    List<Sale> lockSalesOf(Collection<Integer> buckets) {
        if (buckets.isEmpty()) {
            return List.of();
        }
        return jdbc.sql(SALE + " FORCE INDEX (ix_sealed_sale_bucket) WHERE bucket IN (:buckets) FOR UPDATE")
                .param("buckets", buckets)
                .query(SealStore::sale)
                .list();
    }

    /**
     * A sale's events in chain order, with the current rows of the event store.
     *
     * @param afterNumber exclusive
     * @param lastNumber inclusive
     */
    List<ExportLine> events(long saleNo, long afterNumber, long lastNumber, int limit) {
        return jdbc.sql("SELECT s.number, s.position, s.link, e.global_index, e.event_identifier, e.type,"
                        + " e.aggregate_identifier, e.sequence_number, e.payload_type, e.payload_revision, e.time_stamp,"
                        + " e.payload, e.meta_data FROM sealed_event s LEFT JOIN domain_event e"
                        + " ON e.global_index = s.position WHERE s.sale_no = ? AND s.number > ? AND s.number <= ?"
                        + " ORDER BY s.number LIMIT ?")
                .params(saleNo, afterNumber, lastNumber, limit)
                .<ExportLine>query((row, index) -> {
                    long number = row.getLong("number");
                    Digest link = Digest.of(row.getBytes("link"));
                    LogRow event = LogRows.row(row);
                    return event == null
                            ? ExportLine.Missing.of(number, row.getLong("position"), link)
                            : ExportLine.Event.of(number, event, link);
                })
                .list();
    }

    /** First position of the first seal made at or after an instant; empty if all seals are older. */
    Optional<Long> firstPositionSealedSince(String instant) {
        return jdbc.sql("SELECT first_position FROM seal WHERE sealed_at >= ? ORDER BY number LIMIT 1")
                .param(instant)
                .query(Long.class)
                .optional();
    }

    Optional<StoredSeal> seal(long number) {
        return jdbc.sql(SEAL + " WHERE number = ?")
                .param(number)
                .query(SealStore::seal)
                .optional();
    }

    /** Whether any seal has a signature, or a key is stored with which one was made. */
    boolean everSigned() {
        return jdbc.sql("SELECT EXISTS (SELECT 1 FROM seal WHERE key_id IS NOT NULL)"
                        + " OR EXISTS (SELECT 1 FROM seal_key)")
                .query(Boolean.class)
                .single();
    }

    /** The link after the n-th event of a chain; {@link Digest#ZERO} for 0. */
    Digest link(long saleNo, long number) {
        return number == 0
                ? Digest.ZERO
                : Digest.of(jdbc.sql("SELECT link FROM sealed_event WHERE sale_no = ? AND number = ?")
                        .params(saleNo, number)
                        .query((row, index) -> row.getBytes(1))
                        .single());
    }

    /** Numbers of the last seal of version 2 in each hour, the newest hours. */
    List<Long> lastOfEachHour(long first, long last, int limit) {
        return jdbc.sql("SELECT MAX(number) FROM seal WHERE number BETWEEN ? AND ? AND tree IS NOT NULL"
                        + " GROUP BY LEFT(sealed_at, 13) ORDER BY 1 DESC LIMIT ?")
                .params(first, last, limit)
                .query(Long.class)
                .list();
    }

    /**
     * Number of the last link of a chain up to a position. Numbers and positions of a chain ascend together, so no index on
     * the position is needed.
     */
    long lastNumberUpTo(Sale sale, long position) {
        long low = 0;
        long high = sale.sealed().events();
        while (low < high) {
            long middle = (low + high + 1) / 2;
            if (position(sale.no(), middle) <= position) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    long position(long saleNo, long number) {
        return jdbc.sql("SELECT position FROM sealed_event WHERE sale_no = ? AND number = ?")
                .params(saleNo, number)
                .query(Long.class)
                .single();
    }

    /**
     * Positions of a sale's events in chain order.
     *
     * @param afterNumber exclusive
     */
    List<Long> positions(long saleNo, long afterNumber, int limit) {
        return jdbc.sql("SELECT position FROM sealed_event WHERE sale_no = ? AND number > ? ORDER BY number LIMIT ?")
                .params(saleNo, afterNumber, limit)
                .query(Long.class)
                .list();
    }

    void insertKey(SealKey key) {
        jdbc.sql("INSERT INTO seal_key (key_id, jwk) VALUES (?, ?) ON DUPLICATE KEY UPDATE jwk = VALUES(jwk)")
                .params(key.id(), key.publicJwk())
                .update();
    }

    /** All public keys that have signed seals, as JSON Web Keys. */
    List<String> keys() {
        return jdbc.sql("SELECT jwk FROM seal_key ORDER BY key_id")
                .query(String.class)
                .list();
    }
}
