package dev.onsale.proof.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.mysql.cj.jdbc.MysqlDataSource;
import dev.onsale.api.BuyerId;
import dev.onsale.api.InvalidValueException;
import dev.onsale.proof.export.ExportLine;
import dev.onsale.proof.seal.Digest;
import dev.onsale.proof.seal.SaleTree;
import dev.onsale.proof.seal.Seal;
import dev.onsale.proof.seal.SealedSale;
import dev.onsale.testsupport.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each test seals its own log. */
@Tag("services")
class SealingTest {

    private static final String RED = "11111111-1111-4111-8111-111111111111";
    private static final Duration WAIT_MAX = Duration.ofMinutes(1);
    private static final String BLUE = "22222222-2222-4222-8222-222222222222";

    private final MysqlDataSource database = new MysqlDataSource();
    private final MovableClock clock = new MovableClock();
    private final SealStore store = new SealStore(database);

    private static final class MovableClock extends Clock {
        private Instant now = Instant.parse("2026-06-01T12:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }
    }

    @BeforeEach
    void migrate() {
        TestDatabase fresh = TestDatabase.fresh();
        database.setUrl(fresh.jdbcUrl());
        database.setUser(fresh.user());
        database.setPassword(fresh.password());
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/migration/event-log", "classpath:db/migration/proof")
                .load()
                .migrate();
    }

    private Sealer sealer(int blockEventsMax) {
        TreeStore trees = new TreeStore(database);
        RecordStore records = new RecordStore(database);
        return new Sealer(
                database,
                store,
                trees,
                records,
                new RoomReader(new FixedProvider<>(new ListedRooms()), records),
                new SealSettings(true, blockEventsMax, Duration.ofSeconds(1), Duration.ofSeconds(5), null),
                clock);
    }

    private Connection transaction() throws SQLException {
        Connection connection = database.getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    /** Inserts an event of a sale, each in its own aggregate. */
    private static void write(Connection connection, String sale) throws SQLException {
        try (var insert = connection.prepareStatement(
                "INSERT INTO domain_event (event_identifier, aggregate_identifier, sequence_number, type, time_stamp,"
                        + " payload_type, payload_revision, payload, meta_data) VALUES (?, ?, 0, 'Performance',"
                        + " '2026-06-01T12:00:00Z', 'onsale.sale-opened', '1', ?, '{}')")) {
            insert.setString(1, UUID.randomUUID().toString());
            insert.setString(2, UUID.randomUUID().toString());
            insert.setString(3, "{\"performanceId\":\"" + sale + "\",\"openedAt\":\"2026-06-01T12:00:00Z\"}");
            insert.executeUpdate();
        }
    }

    private void committed(String... sales) throws SQLException {
        try (Connection connection = transaction()) {
            for (String sale : sales) {
                write(connection, sale);
            }
            connection.commit();
        }
    }

    @Test
    void nothing_is_sealed_behind_a_transaction_that_may_still_commit() throws Exception {
        Sealer sealer = sealer(100);
        committed(RED);
        try (Connection slow = transaction()) {
            write(slow, RED);
            committed(BLUE);
            assertThat(sealer.sealNext())
                    .hasValueSatisfying(seal -> assertThat(seal.lastPosition()).isEqualTo(1));
            clock.now = clock.now.plusSeconds(3_600);
            assertThat(sealer.sealNext()).as("however long it takes").isEmpty();
            slow.commit();
        }
        assertThat(sealer.sealNext()).hasValueSatisfying(seal -> {
            assertThat(seal.firstPosition()).isEqualTo(2);
            assertThat(seal.lastPosition()).isEqualTo(3);
            assertThat(seal.events()).isEqualTo(2);
        });
    }

    @Test
    void a_hole_that_stays_is_passed_once_it_has_been_seen_for_a_while() throws Exception {
        Sealer sealer = sealer(100);
        try (Connection failing = transaction()) {
            write(failing, RED);
            committed(BLUE);
            failing.rollback();
        }
        assertThat(sealer.sealNext()).isEmpty();
        clock.now = clock.now.plusSeconds(4);
        assertThat(sealer.sealNext()).isEmpty();
        clock.now = clock.now.plusSeconds(1);
        assertThat(sealer.sealNext())
                .hasValueSatisfying(seal -> assertThat(seal.firstPosition()).isEqualTo(2));
    }

    @Test
    void an_empty_log_gets_a_first_seal_that_witnesses_can_note() throws Exception {
        Sealer sealer = sealer(100);
        assertThat(sealer.sealNextOrFirst()).hasValueSatisfying(seal -> {
            assertThat(seal.number()).isEqualTo(1);
            assertThat(seal.events()).isZero();
            assertThat(seal.sales()).isEqualTo(new SaleTree().root());
        });
        assertThat(sealer.sealNextOrFirst()).as("one is enough").isEmpty();
        committed(RED);
        assertThat(sealer.sealNextOrFirst())
                .hasValueSatisfying(seal -> assertThat(seal.firstPosition()).isEqualTo(1));
        assertThat(store.over(1))
                .hasValueSatisfying(over -> assertThat(over.seal().number()).isEqualTo(2));
    }

    @Test
    void two_sealers_take_turns_and_make_one_chain() throws Exception {
        Sealer one = sealer(2);
        Sealer other = sealer(2);
        committed(RED, RED, BLUE, RED, BLUE, RED, RED);
        List<Seal> seals = List.of(
                one.sealNext().orElseThrow(),
                other.sealNext().orElseThrow(),
                one.sealNext().orElseThrow(),
                other.sealNext().orElseThrow());
        assertThat(one.sealNext()).isEmpty();
        Digest previous = Digest.ZERO;
        long number = 0;
        for (Seal seal : seals) {
            assertThat(seal.number()).isEqualTo(++number);
            assertThat(seal.previous()).isEqualTo(previous);
            previous = seal.digest();
        }
        assertThat(store.tree().root()).isEqualTo(seals.getLast().sales());
    }

    @Test
    void each_sale_has_a_chain_of_its_own_and_a_place_in_the_tree() throws Exception {
        Sealer sealer = sealer(100);
        committed(RED, BLUE, RED);
        Seal seal = sealer.sealNext().orElseThrow();
        SealStore.Sale red = store.sale(RED).orElseThrow();
        assertThat(red.sealed().events()).isEqualTo(2);
        Digest link = Digest.ZERO;
        for (ExportLine line : store.events(red.no(), 0, 10, 10)) {
            ExportLine.Event event = (ExportLine.Event) line;
            link = event.row().link(link);
            assertThat(event.link()).isEqualTo(link.toString());
        }
        assertThat(link).isEqualTo(red.sealed().head());
        int bucket = red.sealed().bucket();
        List<Digest> path = store.tree().path(bucket);
        assertThat(SaleTree.rootOf(bucket, SaleTree.bucket(store.leaf(bucket)), path))
                .isEqualTo(seal.sales());
        SealedSale shorter = new SealedSale(red.sealed().sale(), 1, red.sealed().head());
        assertThat(SaleTree.rootOf(bucket, SaleTree.bucket(List.of(shorter)), path))
                .as("a sale with fewer events does not lead there")
                .isNotEqualTo(seal.sales());
    }

    @Test
    void what_cannot_be_read_is_sealed_under_its_aggregate() throws Exception {
        Sealer sealer = sealer(100);
        try (Connection connection = transaction()) {
            write(connection, "no performance at all");
            connection.commit();
        }
        assertThat(sealer.sealNext())
                .hasValueSatisfying(seal -> assertThat(seal.events()).isEqualTo(1));
    }

    /** The sealer waits for the row of a new sale, which somebody has inserted without a commit. */
    @Test
    void a_head_that_is_changed_while_the_sealer_waits_is_not_sealed() throws Exception {
        Sealer sealer = sealer(100);
        committed(RED);
        sealer.sealNext();
        Digest first = store.sale(RED).orElseThrow().sealed().head();
        committed(RED, BLUE);
        CompletableFuture<Optional<Seal>> seal;
        try (Connection blocking = transaction()) {
            update(
                    blocking,
                    "INSERT INTO sealed_sale (sale_key, bucket, sale_digest, events, head)" + " VALUES ('" + BLUE
                            + "', 0, REPEAT('0', 32), 0, REPEAT('0', 32))");
            seal = CompletableFuture.supplyAsync(sealer::sealNext);
            await().atMost(WAIT_MAX).until(this::someoneWaits);
            assertThatThrownBy(() -> {
                        try (Connection changing = database.getConnection()) {
                            update(changing, "SET SESSION innodb_lock_wait_timeout = 1");
                            update(
                                    changing,
                                    "UPDATE sealed_sale SET head = REVERSE(head) WHERE sale_key = '" + RED + "'");
                        }
                    })
                    .as("the head that was compared")
                    .hasMessageContaining("Lock wait timeout");
            blocking.rollback();
        }
        Seal sealed = seal.get(60, TimeUnit.SECONDS).orElseThrow();
        SealStore.Sale red = store.sale(RED).orElseThrow();
        Digest expected = first;
        for (ExportLine line : store.events(red.no(), 1, 10, 10)) {
            expected = ((ExportLine.Event) line).row().link(expected);
        }
        assertThat(red.sealed().events()).isEqualTo(2);
        assertThat(red.sealed().head()).isEqualTo(expected);
        assertThat(sealed.sales()).isEqualTo(store.tree().root());
    }

    @Test
    void a_row_that_appears_in_a_leaf_while_the_sealer_waits_is_not_sealed() throws Exception {
        Sealer sealer = sealer(100);
        committed(RED);
        CompletableFuture<Optional<Seal>> seal;
        SealedSale red = new SealedSale(SealedSale.digestOf(RED), 0, Digest.ZERO);
        try (Connection blocking = transaction()) {
            update(
                    blocking,
                    "INSERT INTO sealed_sale (sale_key, bucket, sale_digest, events, head)" + " VALUES ('" + RED
                            + "', 0, REPEAT('0', 32), 0, REPEAT('0', 32))");
            seal = CompletableFuture.supplyAsync(sealer::sealNext);
            await().atMost(WAIT_MAX).until(this::someoneWaits);
            try (Connection inserting = database.getConnection()) {
                update(
                        inserting,
                        "INSERT INTO sealed_sale (sale_key, bucket, sale_digest, events, head) VALUES ('forged', "
                                + red.bucket() + ", REPEAT('1', 32), 7, REPEAT('1', 32))");
            }
            blocking.rollback();
        }
        Seal sealed = seal.get(60, TimeUnit.SECONDS).orElseThrow();
        SaleTree expected = new SaleTree();
        expected.set(Map.of(
                red.bucket(),
                SaleTree.bucket(List.of(store.sale(RED).orElseThrow().sealed()))));
        assertThat(sealed.sales()).isEqualTo(expected.root());
    }

    @Test
    void a_row_that_got_another_key_is_not_continued_as_a_new_sale() throws Exception {
        Sealer sealer = sealer(100);
        committed(RED);
        sealer.sealNext();
        try (Connection connection = database.getConnection()) {
            update(connection, "UPDATE sealed_sale SET sale_key = '" + BLUE + "'");
        }
        committed(RED);
        assertThatThrownBy(sealer::sealNext)
                .isInstanceOf(SealMismatchException.class)
                .hasMessageContaining("The stored head of sale " + RED + " or " + BLUE);
    }

    private boolean someoneWaits() throws SQLException {
        try (Connection connection = database.getConnection();
                var waiting = connection
                        .createStatement()
                        .executeQuery("SELECT 1 FROM information_schema.innodb_trx t JOIN"
                                + " information_schema.processlist p ON p.id = t.trx_mysql_thread_id"
                                + " WHERE t.trx_state = 'LOCK WAIT' AND p.db = DATABASE()")) {
            return waiting.next();
        }
    }

    private static void update(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    /** A buyer may be called so: wallet events are sealed under the id of the buyer. */
    @Test
    void a_buyer_with_the_name_of_a_waiting_room_has_a_chain_of_its_own() throws Exception {
        RecordStore records = new RecordStore(database);
        ListedRooms rooms = new ListedRooms();
        Sealer sealer = new Sealer(
                database,
                store,
                new TreeStore(database),
                records,
                new RoomReader(new FixedProvider<>(rooms), records),
                new SealSettings(true, 100, Duration.ofSeconds(1), Duration.ofSeconds(5), null),
                clock);
        for (int round = 1; round <= 3; round++) {
            rooms.add(RED, List.of("{\"entry\":" + round + "}"));
            assertThat(sealer.sealNext()).isPresent();
            for (String prefix : List.of("waiting-room:", "waiting-room|", "waiting-room@")) {
                ofAggregate(prefix + RED, round);
            }
            assertThat(sealer.sealNext()).isPresent();
        }
        assertThat(store.sale(RecordStore.rowKey(RED)).orElseThrow().sealed().events())
                .isEqualTo(3);
        assertThat(store.sale("waiting-room:" + RED).orElseThrow().sealed().events())
                .isEqualTo(3);
        assertThat(store.sale("waiting-room:" + RED).orElseThrow().sealed().sale())
                .isEqualTo(SealedSale.digestOf("waiting-room:" + RED));
    }

    private void ofAggregate(String aggregate, int sequence) throws SQLException {
        try (Connection connection = database.getConnection()) {
            update(
                    connection,
                    "INSERT INTO domain_event (event_identifier, aggregate_identifier, sequence_number, type, time_stamp,"
                            + " payload_type, payload_revision, payload, meta_data) VALUES ('" + UUID.randomUUID()
                            + "', '" + aggregate + "', " + sequence + ", 'Wallet', '2026-06-01T12:00:00Z',"
                            + " 'onsale.unknown', '1', '{}', '{}')");
        }
    }

    @Test
    void a_buyer_id_cannot_have_the_key_of_a_room() {
        String key = RecordStore.rowKey("a");
        assertThat(RecordStore.isRoom(key)).isTrue();
        assertThatThrownBy(() -> BuyerId.of(key)).isInstanceOf(InvalidValueException.class);
    }

    /** Pages of which all records are sealed already. */
    @Test
    void a_record_behind_many_known_ones_is_sealed_in_a_quiet_log() {
        RecordStore records = new RecordStore(database);
        ListedRooms rooms = new ListedRooms();
        List<String> known = IntStream.range(0, 10)
                .mapToObj(number -> "{\"used\":" + number + "}")
                .toList();
        rooms.add(RED, known);
        Sealer sealer = new Sealer(
                database,
                store,
                new TreeStore(database),
                records,
                new RoomReader(new FixedProvider<>(rooms), records),
                new SealSettings(true, 10, Duration.ofSeconds(1), Duration.ofSeconds(5), null),
                clock);
        assertThat(sealer.sealNext()).isPresent();
        rooms.add(RED, known);
        rooms.add(RED, known);
        rooms.add(RED, List.of("{\"used\":10}"));

        assertThat(sealer.sealRoom(RED, 5)).isTrue();
        assertThat(store.sale(RecordStore.rowKey(RED)).orElseThrow().sealed().events())
                .isEqualTo(11);
    }

    @Test
    void rooms_of_an_older_version_get_their_new_key_and_buyers_keep_theirs() throws Exception {
        TestDatabase fresh = TestDatabase.fresh();
        database.setUrl(fresh.jdbcUrl());
        var old = Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/migration/event-log", "classpath:db/migration/proof");
        old.target("4.730").load().migrate();
        try (Connection connection = database.getConnection()) {
            String insert = "INSERT INTO sealed_sale (sale_no, sale_key, bucket, sale_digest, events, head) VALUES (";
            update(connection, insert + "1, 'waiting-room:" + RED + "', 0, REPEAT('0', 32), 1, REPEAT('0', 32))");
            update(connection, insert + "2, 'waiting-room:me', 0, REPEAT('0', 32), 1, REPEAT('0', 32))");
            update(
                    connection,
                    "INSERT INTO sealed_record (sale_no, number, seal, leaf, record, content)"
                            + " VALUES (1, 1, 1, 0, '{}', REPEAT('0', 32))");
        }
        old.target("latest").load().migrate();

        assertThat(store.sale(RecordStore.rowKey(RED)).orElseThrow().no()).isEqualTo(1);
        assertThat(store.sale("waiting-room:me").orElseThrow().no()).isEqualTo(2);
    }

    @Test
    void the_gauge_of_unsealed_events_grows_while_nothing_can_be_sealed() throws Exception {
        committed(RED);
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        SealSettings settings = new SealSettings(true, 100, Duration.ofMillis(10), Duration.ofSeconds(5), null);
        SealFollower follower = new SealFollower(sealer(100), settings, database, registry);
        follower.start();
        try {
            await().atMost(WAIT_MAX)
                    .until(() -> registry.get("onsale.seals.number").gauge().value() == 1);
            try (Connection connection = database.getConnection()) {
                update(connection, "UPDATE sealed_sale SET head = REVERSE(head)");
            }
            committed(RED, RED);
            await().atMost(WAIT_MAX)
                    .until(() -> registry.get("onsale.seals.mismatch").gauge().value() == 1);
            await().atMost(WAIT_MAX)
                    .until(() -> registry.get("onsale.seals.behind").gauge().value() == 2);
        } finally {
            follower.stop();
        }
    }
}
