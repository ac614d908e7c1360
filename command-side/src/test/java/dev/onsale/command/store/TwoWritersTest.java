package dev.onsale.command.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.api.BuyerId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.Topics;
import dev.onsale.api.seat.SeatHeld;
import dev.onsale.command.CommandSideHost;
import dev.onsale.eventlog.tail.LogTail;
import dev.onsale.testsupport.TestDatabase;
import dev.onsale.testsupport.TestServices;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.serialization.Serializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Two nodes write facts of one sale at the same time; followers get them in the order of the log. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("services")
class TwoWritersTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int STATEMENTS = 100;

    private final ConfigurableApplicationContext host = CommandSideHost.start(TestDatabase.fresh());
    private final DataSource dataSource = host.getBean(DataSource.class);
    private final EventStorageEngine store = host.getBean("eventStorageEngine", EventStorageEngine.class);
    private final EventStore log = host.getBean(EventStore.class);

    @AfterAll
    void stop() {
        host.close();
    }

    @Test
    void no_follower_and_no_consumer_sees_a_fact_before_an_earlier_one_of_its_sale() throws Exception {
        PerformanceId sale = PerformanceId.next();
        CountDownLatch inserted = new CountDownLatch(1);
        CountDownLatch commit = new CountDownLatch(1);
        try (BlockingStream<TrackedEventMessage<?>> follower = log.openStream(log.createHeadToken())) {
            CompletableFuture<Void> slow = CompletableFuture.runAsync(() -> {
                transaction(() -> {
                    store.appendEvents(held(sale, "A-1"));
                    inserted.countDown();
                    awaitLatch(commit);
                });
            });
            awaitLatch(inserted);
            transaction(() -> store.appendEvents(held(sale, "A-2")));
            // Several rounds of whatever reads the log, so that what may be handed over too early is.
            boolean early = follower.hasNextAvailable(2, TimeUnit.SECONDS);
            commit.countDown();
            slow.get(30, TimeUnit.SECONDS);
            assertThat(early).as("a fact behind an open gap").isFalse();
            List<String> told = new ArrayList<>();
            await().atMost(PATIENCE).until(() -> {
                while (told.size() < 2 && follower.hasNextAvailable()) {
                    told.add(((DomainEventMessage<?>) follower.nextAvailable()).getAggregateIdentifier());
                }
                return told.size() == 2;
            });
            assertThat(told).containsExactly(sale + ":A-1", sale + ":A-2");
        }
        assertThat(published(sale, 2)).containsExactly(sale + ":A-1", sale + ":A-2");
    }

    /** In this mode the numbers of an INSERT ... SELECT interleave; those of a known number of rows must not. */
    @Test
    void the_rows_of_one_group_have_consecutive_positions_whoever_else_writes() throws Exception {
        assertThat(JdbcClient.create(dataSource)
                        .sql("SELECT @@innodb_autoinc_lock_mode")
                        .query(Integer.class)
                        .single())
                .as("the test is of the mode that promises least")
                .isBetween(1, 2);
        Serializer serializer = host.getBean(Serializer.class);
        GroupInsert insert = new GroupInsert(dataSource);
        Map<String, Long> expected = new ConcurrentHashMap<>();
        List<CompletableFuture<Void>> writers = IntStream.range(0, 4)
                .mapToObj(writer -> CompletableFuture.runAsync(() -> {
                    for (int statement = 0; statement < STATEMENTS; statement++) {
                        write(insert, serializer, expected);
                    }
                }))
                .toList();
        for (CompletableFuture<Void> writer : writers) {
            writer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        Map<String, Long> stored = new ConcurrentHashMap<>();
        JdbcClient.create(dataSource)
                .sql("SELECT aggregate_identifier, global_index FROM domain_event")
                .query(row -> {
                    if (expected.containsKey(row.getString(1))) {
                        stored.put(row.getString(1), row.getLong(2));
                    }
                });
        assertThat(stored).isEqualTo(expected);
    }

    @Test
    void every_follower_shows_how_far_it_is_behind_as_a_metric_and_in_its_health() {
        PerformanceId sale = PerformanceId.next();
        transaction(() -> store.appendEvents(held(sale, "A-1")));
        long written = JdbcClient.create(dataSource)
                .sql("SELECT MAX(global_index) FROM domain_event")
                .query(Long.class)
                .single();
        MeterRegistry metrics = host.getBean(MeterRegistry.class);
        for (String follower : List.of("guard", "kafka-publisher")) {
            await(follower + " has reached what was written")
                    .atMost(PATIENCE)
                    .until(() -> metrics.get("onsale.follower.position")
                                            .tag("follower", follower)
                                            .gauge()
                                            .value()
                                    >= written
                            && metrics.get("onsale.follower.lag.seconds")
                                            .tag("follower", follower)
                                            .gauge()
                                            .value()
                                    == 0);
        }
        Health health = Objects.requireNonNull(
                host.getBean("followersHealthIndicator", HealthIndicator.class).health());
        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails()).containsKeys("guard", "kafka-publisher");
    }

    @Test
    void the_lag_of_a_follower_is_the_age_of_what_it_has_not_handled() {
        LogTail tail = host.getBean(LogTail.class);
        PerformanceId sale = PerformanceId.next();
        long before = tail.settledNow();
        transaction(() -> store.appendEvents(held(sale, "A-1")));
        await().atMost(PATIENCE).until(() -> tail.settledNow() > before);
        await().atMost(PATIENCE).until(() -> tail.lagAfter(before).isPositive());
        assertThat(tail.lagAfter(tail.settledTo())).isZero();
    }

    private void write(GroupInsert insert, Serializer serializer, Map<String, Long> expected) {
        PerformanceId sale = PerformanceId.next();
        List<String> rows = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (int number = 0; number < 10; number++) {
            GenericDomainEventMessage<SeatHeld> fact = held(sale, "A-" + number);
            ids.add(fact.getAggregateIdentifier());
            rows.add(RowText.of(List.of(fact), serializer));
        }
        try {
            long first = insert.write(rows, List.of(new WriteClaim(ShardOwnership.ALL)));
            for (int index = 0; index < ids.size(); index++) {
                expected.put(ids.get(index), first + index);
            }
        } catch (java.sql.SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private void transaction(Runnable work) {
        TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        transaction.setIsolationLevel(Connection.TRANSACTION_READ_COMMITTED);
        transaction.executeWithoutResult(status -> work.run());
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private GenericDomainEventMessage<SeatHeld> held(PerformanceId sale, String label) {
        SeatId seat = new SeatId(sale, SeatLabel.of(label));
        java.time.Instant now = host.getBean(Clock.class).instant();
        return new GenericDomainEventMessage<>(
                "Seat",
                seat.toString(),
                0,
                new SeatHeld(seat, ReservationId.next(), BuyerId.of("alice"), 1, now.plusSeconds(300), now));
    }

    private static List<String> published(PerformanceId sale, int facts) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                TestServices.shared().kafkaBootstrapServers(),
                "isolation.level",
                "read_committed");
        List<String> told = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.RESERVATION_EVENTS).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                    if (sale.toString().equals(record.key())) {
                        told.add(new String(
                                record.headers()
                                        .lastHeader(Topics.HEADER_SUBJECT)
                                        .value(),
                                StandardCharsets.UTF_8));
                    }
                });
                return told.size() >= facts;
            });
        }
        return told;
    }
}
