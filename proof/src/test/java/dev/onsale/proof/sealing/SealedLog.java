package dev.onsale.proof.sealing;

import com.mysql.cj.jdbc.MysqlDataSource;
import dev.onsale.api.EventCatalogue;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.eventlog.EventJson;
import dev.onsale.proof.export.ExportFormat;
import dev.onsale.proof.export.ExportLine;
import dev.onsale.proof.invariant.LogEvent;
import dev.onsale.proof.seal.Digest;
import dev.onsale.proof.seal.LogRow;
import dev.onsale.proof.seal.LogRows;
import dev.onsale.proof.seal.MerkleTree;
import dev.onsale.proof.seal.SaleTree;
import dev.onsale.proof.seal.Seal;
import dev.onsale.proof.seal.SealedSale;
import dev.onsale.testsupport.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A log in a database of its own with the product's sealer and export, for tests of other packages. */
public final class SealedLog {

    private static final Pattern CONSISTENCY = Pattern.compile("/api/seals/consistency\\?first=(\\d+)&second=(\\d+)");

    private final MysqlDataSource database = new MysqlDataSource();
    private final Path keyFile;
    private final SealStore store;
    private final TreeStore trees;
    private final RecordStore records;
    private final ListedRooms rooms = new ListedRooms();
    private Sealer sealer;
    private Instant now;

    public SealedLog(Path keyFile, Instant now) {
        TestDatabase fresh = TestDatabase.fresh();
        database.setUrl(fresh.jdbcUrl());
        database.setUser(fresh.user());
        database.setPassword(fresh.password());
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/migration/event-log", "classpath:db/migration/proof")
                .load()
                .migrate();
        this.keyFile = keyFile;
        this.now = now;
        this.store = new SealStore(database);
        this.trees = new TreeStore(database);
        this.records = new RecordStore(database);
        this.sealer = newSealer();
    }

    private SealSettings settings() {
        return settings(keyFile);
    }

    private static SealSettings settings(@Nullable Path key) {
        return new SealSettings(true, 100, Duration.ofSeconds(1), Duration.ofSeconds(5), key);
    }

    private Clock clock() {
        return new Clock() {
            @Override
            public Instant instant() {
                return now;
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        };
    }

    private Sealer newSealer() {
        return newSealer(settings());
    }

    private Sealer newSealer(SealSettings settings) {
        return new Sealer(
                database,
                store,
                trees,
                records,
                new RoomReader(new FixedProvider<>(rooms), records),
                settings,
                clock());
    }

    /** As a node without a key does. */
    public void sealWithoutKey() {
        newSealer(settings(null)).sealNext();
    }

    /**
     * What somebody with write access to the database can do: seal what the tables have now without a signature, whatever
     * the seal before it covers.
     */
    public void sealForged() {
        StoredSeal head = store.head().orElseThrow();
        LogRows log = new LogRows(JdbcClient.create(database));
        List<LogRow> block = log.after(head.seal().lastPosition(), 100);
        long number = head.seal().number() + 1;
        SaleTree sales = store.tree();
        BlockWriter blocks = new BlockWriter(store, records, new RewriteSearch(store, records, log));
        blocks.begin(sales);
        BlockWriter.Written written = blocks.write(number, block, List.of());
        trees.insert(number, written.nodes());
        List<Digest> before = MerkleTree.append(
                trees.seals(number - 2).frontier(), number - 2, head.digest(), (level, index, node) -> {});
        Seal seal = new Seal(
                number,
                head.digest(),
                block.getFirst().position(),
                block.getLast().position(),
                block.size(),
                0,
                MerkleTree.of(written.leaves()).root(),
                sales.root(),
                MerkleTree.rootOf(before),
                now.toString());
        List<TreeStore.Node> nodes = new ArrayList<>();
        MerkleTree.append(
                before,
                number - 1,
                seal.digest(),
                (level, index, node) -> nodes.add(new TreeStore.Node(level, index, node)));
        trees.insert(nodes);
        store.insert(new StoredSeal(seal, seal.digest(), null, null));
    }

    /** The hash of a seal. */
    public String seal(long number) {
        return store.seal(number).orElseThrow().digest().toString();
    }

    public long seals() {
        return store.head().orElseThrow().seal().number();
    }

    /** What the waiting room of a sale has. */
    public void record(String sale, List<String> records) {
        rooms.add(sale, records);
    }

    /** As after a restart of the process: the new sealer remembers nothing of the old one. */
    public void restart() {
        sealer = newSealer();
    }

    public Instant now() {
        return now;
    }

    public void passTime(Duration time) {
        now = now.plus(time);
    }

    public JdbcTemplate jdbc() {
        return new JdbcTemplate(database);
    }

    /** Commits events and seals them. */
    public void append(List<LogEvent> events) {
        try (Connection connection = database.getConnection();
                var insert = connection.prepareStatement(
                        "INSERT INTO domain_event (event_identifier, aggregate_identifier, sequence_number, type,"
                                + " time_stamp, payload_type, payload_revision, payload, meta_data)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, '{}')")) {
            for (LogEvent event : events) {
                OnsaleEvent fact = Objects.requireNonNull(event.fact());
                insert.setString(1, UUID.randomUUID().toString());
                insert.setString(2, event.aggregateId());
                insert.setLong(3, event.sequence());
                insert.setString(4, event.aggregateType());
                insert.setString(5, now.toString());
                insert.setString(6, event.type());
                insert.setString(
                        7, String.valueOf(EventCatalogue.typeOf(fact.getClass()).version()));
                insert.setBytes(8, EventJson.mapper().writeValueAsBytes(fact));
                insert.addBatch();
            }
            insert.executeBatch();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public Optional<Seal> seal() {
        return sealer.sealNext();
    }

    /** The newest seal as an anchor. */
    public String anchor() {
        StoredSeal head = store.head().orElseThrow();
        return head.seal().number() + ":" + head.digest();
    }

    public List<String> keys() {
        return store.keys();
    }

    public List<String> export(String sale, Long... anchors) throws IOException {
        SaleExport export = saleExport();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        export.write(export.extent(sale, List.of(anchors)), out);
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(out.toByteArray()))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    private SaleExport saleExport() {
        return new SaleExport(database, store, new SaleProofs(store, trees), records, sealer, settings(), clock());
    }

    /** The answer of the server to a witness. */
    public String answer(String path) {
        SealController controller = new SealController(store, trees, saleExport());
        if (path.equals("/api/seals/head")) {
            return EventJson.mapper().writeValueAsString(controller.head());
        }
        Matcher asked = CONSISTENCY.matcher(path);
        if (!asked.matches()) {
            throw new IllegalArgumentException(path);
        }
        return EventJson.mapper()
                .writeValueAsString(
                        controller.consistency(Long.parseLong(asked.group(1)), Long.parseLong(asked.group(2))));
    }

    public String receipt(String sale, String buyer) {
        Receipts receipts = new Receipts(
                database,
                store,
                trees,
                records,
                new SealedBlocks(database, records),
                new SaleFacts(store),
                settings(),
                clock());
        return EventJson.mapper().writeValueAsString(receipts.of(sale, buyer));
    }

    /** Seals everything as the version before the tree over the seals did. */
    public void sealAsVersion1() {
        StoredSeal head = store.head().orElse(null);
        List<LogRow> block = new LogRows(JdbcClient.create(database))
                .after(head == null ? 0 : head.seal().lastPosition(), 1_000);
        Digest log = Digest.ZERO;
        for (LogRow row : block) {
            log = row.link(log);
            String key = SaleKeys.of(row);
            if (store.sale(key).isEmpty()) {
                store.insertSales(Map.of(key, SealedSale.digestOf(key)));
            }
            SealStore.Sale sale = store.sale(key).orElseThrow();
            long number = sale.sealed().events() + 1;
            Digest link = row.link(sale.sealed().head());
            store.insert(List.of(new SealStore.Link(sale.no(), number, row.position(), link)));
            store.update(List.of(new SealStore.Sale(
                    sale.no(), key, new SealedSale(sale.sealed().sale(), number, link))));
        }
        Seal seal = new Seal(
                head == null ? 1 : head.seal().number() + 1,
                head == null ? Digest.ZERO : head.digest(),
                block.getFirst().position(),
                block.getLast().position(),
                block.size(),
                0,
                log,
                store.tree().root(),
                null,
                now.toString());
        SealKey key = SealKey.inFile(keyFile);
        store.insertKey(key);
        store.insert(new StoredSeal(seal, seal.digest(), key.id(), key.sign(seal.digest())));
    }

    /** The export as the version before wrote it. */
    public List<String> exportVersion1(String saleKey) {
        StoredSeal head = store.head().orElseThrow();
        SealStore.Sale sale = store.sale(saleKey).orElseThrow();
        List<ExportLine> lines = new ArrayList<>();
        lines.add(new ExportLine.Header(
                "header",
                ExportLine.FORMAT_1,
                saleKey,
                head.seal().number(),
                sale.sealed().events(),
                null,
                true,
                now.toString(),
                store.keys()));
        lines.addAll(store.events(sale.no(), 0, sale.sealed().events(), 1_000));
        store.after(0, 1_000).forEach(seal -> lines.add(SaleProofs.line(seal)));
        lines.add(ExportLine.Proof.of(
                store.leaf(sale.sealed().bucket()),
                store.tree().path(sale.sealed().bucket())));
        List<String> text =
                new ArrayList<>(lines.stream().map(ExportFormat::render).toList());
        Digest digest = Digest.sha256((String.join("\n", text) + "\n").getBytes(StandardCharsets.UTF_8));
        SealKey key = SealKey.inFile(keyFile);
        text.add(ExportFormat.render(ExportLine.End.of(text.size(), digest, key.id(), key.sign(digest))));
        return text;
    }

    /** What somebody with write access to the database can do: compute the links and the head of a sale again. */
    public void relink(String sale) {
        SealStore.Sale row = store.sale(sale).orElseThrow();
        Digest link = Digest.ZERO;
        long number = 0;
        for (var line : store.events(row.no(), 0, row.sealed().events(), 10_000)) {
            link = ((ExportLine.Event) line).row().link(link);
            jdbc().update(
                            "UPDATE sealed_event SET link = ? WHERE sale_no = ? AND number = ?",
                            link.bytes(),
                            row.no(),
                            ++number);
        }
        JdbcClient.create(database)
                .sql("UPDATE sealed_sale SET head = ? WHERE sale_no = ?")
                .params(link.bytes(), row.no())
                .update();
    }
}
