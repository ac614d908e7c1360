package dev.onsale.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mysql.cj.jdbc.MysqlDataSource;
import dev.onsale.api.BuyerId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.seat.SeatHeld;
import dev.onsale.testsupport.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GapAwareTrackingToken;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.modelling.command.AggregateStreamCreationException;
import org.axonframework.modelling.command.ConcurrencyException;
import org.axonframework.spring.jdbc.SpringDataSourceConnectionProvider;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

@Tag("services")
class EventStoreTest {

    private static final PerformanceId TONIGHT = new PerformanceId(new UUID(0x7000, 1));
    private static final MysqlDataSource DATABASE = new MysqlDataSource();

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

    @Test
    void one_of_two_writers_of_the_same_sequence_number_wins() {
        EventStorageEngine store = store();
        store.appendEvents(held("A-1", 0, 1));
        assertThatThrownBy(() -> store.appendEvents(held("A-1", 0, 2)))
                .isInstanceOf(AggregateStreamCreationException.class);
        store.appendEvents(held("A-1", 1, 2));
        assertThatThrownBy(() -> store.appendEvents(held("A-1", 1, 3))).isInstanceOf(ConcurrencyException.class);
        assertThat(events().ofAggregate(TONIGHT + ":A-1", 0, 10)).hasSize(2);
    }

    @Test
    void seats_that_differ_only_by_case_are_two_seats() {
        EventStorageEngine store = store();
        store.appendEvents(held("B-1", 0, 1));
        store.appendEvents(held("b-1", 0, 1));
        assertThat(events().ofAggregate(TONIGHT + ":b-1", 0, 10)).hasSize(1);
    }

    @Test
    void the_log_is_read_in_order_by_position_by_aggregate_and_by_prefix() {
        EventStorageEngine store = store();
        long before = events().head();
        store.appendEvents(held("C-2", 0, 1), held("C-10", 0, 1), held("C-2", 1, 2));
        assertThat(events().after(before, 100))
                .extracting(StoredEvent::aggregateId, StoredEvent::sequence)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(TONIGHT + ":C-2", 0L),
                        org.assertj.core.groups.Tuple.tuple(TONIGHT + ":C-10", 0L),
                        org.assertj.core.groups.Tuple.tuple(TONIGHT + ":C-2", 1L));
        String prefix = TONIGHT + ":C-";
        List<StoredEvent> first = events().ofAggregatesWithPrefix(prefix, prefix, Long.MAX_VALUE, 2);
        StoredEvent last = first.getLast();
        List<StoredEvent> rest = events().ofAggregatesWithPrefix(prefix, last.aggregateId(), last.sequence(), 2);
        assertThat(first).extracting(StoredEvent::aggregateId).containsExactly(TONIGHT + ":C-10", TONIGHT + ":C-2");
        assertThat(rest).extracting(StoredEvent::sequence).containsExactly(1L);
        assertThat(first.getFirst().type()).isEqualTo("onsale.seat-held");
    }

    @Test
    void a_fact_that_commits_behind_twelve_thousand_others_is_still_told_to_followers() throws SQLException {
        EventStorageEngine store = store();
        TrackingToken before = store.createHeadToken();
        try (Connection late = DATABASE.getConnection();
                Connection busy = DATABASE.getConnection()) {
            late.setAutoCommit(false);
            insert(late, "late", 1, Instant.now());
            busy.setAutoCommit(false);
            insert(busy, "busy", 12_000, Instant.now());
            busy.commit();
            TrackingToken behind = last(store, before, "late", false);
            late.commit();
            last(store, behind, "late", true);
        }
    }

    @Test
    void old_gaps_leave_the_token_and_new_ones_stay() throws SQLException {
        EventStorageEngine store = store();
        TrackingToken before = store.createHeadToken();
        Instant longAgo = Instant.now().minus(Gaps.PATIENCE.multipliedBy(2));
        try (Connection connection = DATABASE.getConnection()) {
            connection.setAutoCommit(false);
            insert(connection, "rolled-back", Gaps.CLEANING_THRESHOLD + 1, longAgo);
            connection.rollback();
            insert(connection, "after-rollback", 1, Instant.now());
            connection.commit();
            TrackingToken withGaps = last(store, before, "none", false);
            assertThat(((GapAwareTrackingToken) withGaps).getGaps()).hasSizeGreaterThan(Gaps.CLEANING_THRESHOLD);
            // Time goes by: the fact behind the gaps is old now.
            JdbcClient.create(DATABASE)
                    .sql("UPDATE domain_event SET time_stamp = :then WHERE aggregate_identifier = 'after-rollback'")
                    .param("then", longAgo.toString())
                    .update();
            insert(connection, "next", 1, Instant.now());
            connection.commit();
            TrackingToken cleaned = last(store, withGaps, "none", false);
            assertThat(((GapAwareTrackingToken) cleaned).getGaps()).isEmpty();
        }
    }

    /** Reads on from a token to the end; whether a certain aggregate's fact is among what is new must be as expected. */
    private static TrackingToken last(
            EventStorageEngine store, TrackingToken from, String aggregate, boolean expectedToBeTold) {
        List<? extends TrackedEventMessage<?>> told;
        try (var events = store.readEvents(from, false)) {
            told = events.toList();
        }
        assertThat(told.stream()
                        .anyMatch(event -> event instanceof DomainEventMessage<?> fact
                                && fact.getAggregateIdentifier().equals(aggregate)))
                .as("%s among %d facts", aggregate, told.size())
                .isEqualTo(expectedToBeTold);
        return told.getLast().trackingToken();
    }

    private static void insert(Connection connection, String aggregate, int facts, Instant at) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO domain_event (event_identifier, aggregate_identifier,"
                        + " sequence_number, type, time_stamp, payload_type, payload_revision, payload, meta_data)"
                        + " VALUES (?, ?, ?, 'Seat', ?, 'java.lang.String', NULL, '\"fact\"', '{}')")) {
            for (int sequence = 0; sequence < facts; sequence++) {
                insert.setString(1, UUID.randomUUID().toString());
                insert.setString(2, aggregate);
                insert.setLong(3, sequence);
                insert.setString(4, at.toString());
                insert.addBatch();
            }
            assertThat(insert.executeBatch()).hasSize(facts);
        }
    }

    @Test
    void a_page_has_a_bound() {
        assertThatThrownBy(() -> events().after(0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> events().after(0, StoredEvents.PAGE_SIZE_MAX + 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static StoredEvents events() {
        return new StoredEvents(JdbcClient.create(DATABASE));
    }

    private static EventStorageEngine store() {
        LogicalTypeSerializer serializer = LogicalTypeSerializer.with(Set.of());
        TransactionManager transactions = new SpringTransactionManager(new JdbcTransactionManager(DATABASE));
        return EventLogConfiguration.storage()
                .eventSerializer(serializer)
                .snapshotSerializer(serializer)
                .persistenceExceptionResolver(new DuplicateKeys())
                .connectionProvider(new SpringDataSourceConnectionProvider(DATABASE))
                .transactionManager(transactions)
                .schema(EventLogConfiguration.schema())
                .build();
    }

    private static GenericDomainEventMessage<SeatHeld> held(String label, long sequence, long token) {
        SeatId seat = new SeatId(TONIGHT, SeatLabel.of(label));
        Instant now = Instant.parse("2026-12-01T12:00:00Z");
        return new GenericDomainEventMessage<>(
                "Seat",
                seat.toString(),
                sequence,
                new SeatHeld(seat, ReservationId.next(), BuyerId.of("alice"), token, now.plusSeconds(300), now));
    }
}
