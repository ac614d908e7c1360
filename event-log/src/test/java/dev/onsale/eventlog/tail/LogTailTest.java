package dev.onsale.eventlog.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mysql.cj.jdbc.MysqlDataSource;
import dev.onsale.eventlog.LogicalTypeSerializer;
import dev.onsale.testsupport.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GapAwareTrackingToken;
import org.axonframework.eventhandling.GenericDomainEventEntry;
import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.serialization.upcasting.event.NoOpEventUpcaster;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two writers on one log: readers get every fact, in the order of the positions, and none behind an open gap. */
@Tag("services")
class LogTailTest {

    private static final MysqlDataSource DATABASE = new MysqlDataSource();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration NO_PATIENCE = Duration.ZERO;

    private final LogicalTypeSerializer serializer = LogicalTypeSerializer.with(Set.of());
    private Connection slow;
    private Connection quick;

    @BeforeAll
    static void migrate() {
        TestDatabase fresh = TestDatabase.fresh();
        DATABASE.setUrl(fresh.jdbcUrl());
        DATABASE.setUser(fresh.user());
        DATABASE.setPassword(fresh.password());
        Flyway.configure()
                .dataSource(DATABASE)
                .locations("classpath:db/migration/event-log")
                .load()
                .migrate();
    }

    @BeforeEach
    void open() throws SQLException {
        slow = DATABASE.getConnection();
        slow.setAutoCommit(false);
        quick = DATABASE.getConnection();
    }

    @AfterEach
    void close() throws SQLException {
        slow.close();
        quick.close();
    }

    @Test
    void no_reader_sees_a_fact_behind_one_that_may_still_be_committed() throws SQLException {
        LogTail tail = tail(NO_PATIENCE);
        long head = tail.settledNow();
        TrackingEventStream reader = stream(tail, at(head));
        insert(slow, "slow", 1, Instant.now());
        long behind = insert(quick, "quick", 1, Instant.now());
        for (int look = 0; look < 5; look++) {
            assertThat(tail.settledNow()).as("the open gap holds the tail up").isEqualTo(head);
            assertThat(reader.hasNextAvailable()).isFalse();
        }
        slow.commit();
        assertThat(tail.settledNow()).isEqualTo(behind);
        assertThat(aggregates(reader)).containsExactly("slow", "quick");
    }

    @Test
    void an_offer_behind_an_open_gap_waits_for_it() throws SQLException {
        LogTail tail = tail(NO_PATIENCE);
        TrackingEventStream reader = stream(tail, at(tail.settledNow()));
        insert(slow, "slow", 2, Instant.now());
        long own = insert(quick, "own", 1, Instant.now());
        tail.offer(own, List.of(entry("own")));
        assertThat(reader.hasNextAvailable()).isFalse();
        slow.commit();
        long unused = tail.settledNow();
        assertThat(aggregates(reader)).containsExactly("slow", "slow", "own");
    }

    @Test
    void a_transaction_that_was_rolled_back_is_passed_after_the_patience() throws SQLException {
        LogTail tail = tail(Duration.ofMillis(200));
        TrackingEventStream reader = stream(tail, at(tail.settledNow()));
        insert(slow, "rolled-back", 3, Instant.now());
        insert(quick, "behind", 1, Instant.now());
        slow.rollback();
        await().atMost(PATIENCE).until(() -> {
            long unused = tail.settledNow();
            return reader.hasNextAvailable();
        });
        assertThat(aggregates(reader)).containsExactly("behind");
    }

    @Test
    void several_rolled_back_transactions_are_waited_for_once() throws SQLException {
        LogTail tail = tail(Duration.ofMillis(200));
        long head = tail.settledNow();
        for (int number = 0; number < 50; number++) {
            insert(slow, "rolled-back", 2, Instant.now());
            slow.rollback();
            insert(quick, "kept-" + number, 1, Instant.now());
        }
        AtomicInteger steps = new AtomicInteger();
        long[] before = {head};
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
            long settled = tail.settledNow();
            steps.addAndGet(settled > before[0] ? 1 : 0);
            before[0] = settled;
            return settled >= head + 150;
        });
        assertThat(steps).as("times that the tail moved on").hasValueLessThan(5);
    }

    @Test
    void a_fact_that_fills_a_passed_gap_is_told_late_and_not_lost() throws SQLException {
        LogTail tail = tail(NO_PATIENCE);
        TrackingEventStream reader = stream(tail, at(tail.settledNow()));
        long gap = insert(slow, "rolled-back", 1, Instant.now());
        slow.rollback();
        insert(quick, "behind", 1, Instant.now());
        await().atMost(PATIENCE).until(() -> {
            long unused = tail.settledNow();
            return reader.hasNextAvailable();
        });
        TrackingToken passed = last(reader);
        assertThat(((GapAwareTrackingToken) passed).getGaps()).containsExactly(gap);
        insertAt(quick, gap, "late");
        await().atMost(PATIENCE).until(reader::hasNextAvailable);
        assertThat(aggregates(reader)).containsExactly("late");
        // A reader that was stopped before it was told gets it when it starts again.
        long unused = tail.settledNow();
        assertThat(aggregates(stream(tail, passed))).containsExactly("late");
    }

    @Test
    void a_stored_token_with_a_gap_waits_for_the_gap_before_it_goes_on() throws SQLException {
        LogTail before = tail(NO_PATIENCE);
        long head = before.settledNow();
        long open = insert(slow, "slow", 1, Instant.now());
        long seen = insert(quick, "seen", 1, Instant.now());
        insert(quick, "next", 1, Instant.now());
        LogTail tail = new LogTail(DATABASE, Clock.systemUTC(), NO_PATIENCE);
        TrackingEventStream reader = stream(tail, GapAwareTrackingToken.newInstance(seen, Set.of(open)));
        assertThat(tail.settledNow()).isEqualTo(head);
        assertThat(reader.hasNextAvailable()).isFalse();
        slow.commit();
        long unused = tail.settledNow();
        assertThat(aggregates(reader)).containsExactly("slow", "next");
    }

    @Test
    void readers_behind_the_ring_and_readers_at_its_end_get_the_same_facts() throws SQLException {
        LogTail tail = tail(NO_PATIENCE);
        long head = tail.settledNow();
        TrackingEventStream eager = stream(tail, at(head));
        List<String> told = new ArrayList<>();
        for (int round = 0; round < 20; round++) {
            long first = insert(quick, "round-" + round, 1_000, Instant.now());
            tail.offer(first, entries("round-" + round, 1_000));
            told.addAll(aggregates(eager));
        }
        List<String> late = aggregates(stream(tail, at(head)));
        assertThat(told).hasSize(20_000);
        assertThat(late).isEqualTo(told);
        assertThat(aggregates(stream(tail, at(head + 10_000)))).isEqualTo(told.subList(10_000, 20_000));
    }

    @Test
    void a_reader_is_woken_by_an_offer_and_one_that_collects_is_woken_later() throws Exception {
        LogTail tail = tail(NO_PATIENCE);
        long head = tail.settledNow();
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger collected = new AtomicInteger();
        assertThat(stream(tail, at(head)).setOnAvailableCallback(atOnce::incrementAndGet))
                .isTrue();
        tail.open(at(head), serializer, NoOpEventUpcaster.INSTANCE, Duration.ofMillis(20))
                .setOnAvailableCallback(collected::incrementAndGet);
        long first = insert(quick, "woken", 3, Instant.now());
        tail.offer(first, entries("woken", 3));
        assertThat(atOnce).hasValue(1);
        assertThat(collected).hasValue(0);
        await().atMost(PATIENCE).until(() -> {
            tail.awaitHint(Duration.ofMillis(50));
            return collected.get() == 1;
        });
    }

    private LogTail tail(Duration gapPatience) {
        LogTail tail = new LogTail(DATABASE, Clock.systemUTC(), gapPatience);
        // What other tests have rolled back is long ago for this one.
        await().atMost(PATIENCE).until(() -> tail.settledNow() >= committedHead());
        return tail;
    }

    private static long committedHead() throws SQLException {
        try (Connection connection = DATABASE.getConnection();
                Statement statement = connection.createStatement();
                ResultSet head = statement.executeQuery("SELECT COALESCE(MAX(global_index), 0) FROM domain_event")) {
            head.next();
            return head.getLong(1);
        }
    }

    private TrackingEventStream stream(LogTail tail, @Nullable TrackingToken from) {
        return tail.open(from, serializer, NoOpEventUpcaster.INSTANCE, Duration.ZERO);
    }

    private static TrackingToken at(long position) {
        return GapAwareTrackingToken.newInstance(position, Set.of());
    }

    private static List<String> aggregates(TrackingEventStream reader) {
        List<String> told = new ArrayList<>();
        try {
            while (reader.hasNextAvailable(0, TimeUnit.SECONDS)) {
                told.add(((DomainEventMessage<?>) reader.nextAvailable()).getAggregateIdentifier());
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return told;
    }

    private static TrackingToken last(TrackingEventStream reader) {
        try {
            TrackingToken token = reader.nextAvailable().trackingToken();
            while (reader.hasNextAvailable()) {
                token = reader.nextAvailable().trackingToken();
            }
            return token;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<GenericDomainEventEntry<byte[]>> entries(String aggregate, int facts) {
        List<GenericDomainEventEntry<byte[]>> entries = new ArrayList<>();
        for (int number = 0; number < facts; number++) {
            entries.add(entry(aggregate));
        }
        return entries;
    }

    private static GenericDomainEventEntry<byte[]> entry(String aggregate) {
        return new GenericDomainEventEntry<>(
                "Seat",
                aggregate,
                0,
                UUID.randomUUID().toString(),
                Instant.now().toString(),
                "java.lang.String",
                "",
                "\"fact\"".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static final String COLUMNS = " (event_identifier, aggregate_identifier, sequence_number, type, time_stamp,"
            + " payload_type, payload_revision, payload, meta_data, global_index) VALUES ";

    /** One statement; the position of its first row. */
    private static long insert(Connection connection, String aggregate, int facts, Instant at) throws SQLException {
        StringBuilder rows = new StringBuilder("INSERT INTO domain_event").append(COLUMNS);
        for (int sequence = 0; sequence < facts; sequence++) {
            rows.append(sequence == 0 ? "" : ",").append("(UUID(), ?, ").append(NUMBER.incrementAndGet());
            rows.append(", 'Seat', '").append(at).append("', 'java.lang.String', NULL, '\"fact\"', '{}', NULL)");
        }
        try (PreparedStatement insert = connection.prepareStatement(rows.toString(), Statement.RETURN_GENERATED_KEYS)) {
            for (int sequence = 0; sequence < facts; sequence++) {
                insert.setString(sequence + 1, aggregate);
            }
            assertThat(insert.executeUpdate()).isEqualTo(facts);
            try (ResultSet keys = insert.getGeneratedKeys()) {
                keys.next();
                return keys.getLong(1);
            }
        }
    }

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static void insertAt(Connection connection, long position, String aggregate) throws SQLException {
        try (Statement insert = connection.createStatement()) {
            int rows = insert.executeUpdate("INSERT INTO domain_event" + COLUMNS + "(UUID(), '" + aggregate + "', "
                    + NUMBER.incrementAndGet() + ", 'Seat', '" + Instant.now()
                    + "', 'java.lang.String', NULL, '\"fact\"', '{}', " + position + ")");
            assertThat(rows).isEqualTo(1);
        }
    }
}
