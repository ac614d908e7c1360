package dev.onsale.command.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.onsale.api.LogicalType;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.command.store.GroupCommitEventStorageEngine;
import dev.onsale.command.store.GroupCommitMetrics;
import dev.onsale.command.store.GroupInsert;
import dev.onsale.command.store.StoredIdentifiers;
import dev.onsale.command.store.WriteClaim;
import dev.onsale.eventlog.DuplicateKeys;
import dev.onsale.eventlog.EventLogConfiguration;
import dev.onsale.eventlog.LogicalTypeSerializer;
import dev.onsale.eventlog.StoredTypes;
import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.testsupport.TestDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.common.jdbc.UnitOfWorkAwareConnectionProviderWrapper;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.AggregateConfigurer;
import org.axonframework.config.Configuration;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.modelling.command.Repository;
import org.axonframework.serialization.Serializer;
import org.axonframework.spring.jdbc.SpringDataSourceConnectionProvider;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** One batch, many commands: each stands for itself, and a full queue says so. */
@Tag("services")
class BatchingCommandBusTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int QUEUE_DEPTH_MAX = 100;

    private static HikariDataSource database = new HikariDataSource();

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final CountDownLatch atTheGate = new CountDownLatch(1);
    private final GroupCommitEventStorageEngine engine = engine();
    private final AggregateCache cache = new AggregateCache(1_000);
    private final BatchingCommandBus bus = new BatchingCommandBus(
            SimpleCommandBus.builder(),
            1,
            QUEUE_DEPTH_MAX,
            new BatchingCommandBus.BatchPreparation() {
                @Override
                public void prepare(List<OnsaleCommand> commands, WriteClaim claim, UnitOfWork<?> root) {
                    failIfAsked(root);
                }

                @Override
                public void forgetAll() {
                    cache.removeAll();
                }
            },
            registry);
    private final Configuration axon = axon();

    /** What a handler does beside applying its fact. */
    enum Manner {
        APPLY,
        THROW_BEFORE,
        THROW_AFTER,
        APPLY_LARGE,
        WAIT_AT_THE_GATE,
        INTERRUPTED_AT_THE_GATE,
        OVERFLOW_BEFORE,
        OVERFLOW_AFTER
    }

    static List<Error> errors() {
        return List.of(
                new StackOverflowError("injected"),
                new NoClassDefFoundError("injected"),
                new AssertionError("injected"),
                new OutOfMemoryError("injected"));
    }

    /** Thrown, once, by what the writer does outside of any handler. */
    private final AtomicReference<@Nullable Error> preparationError = new AtomicReference<>();

    private final AtomicReference<@Nullable Error> commitError = new AtomicReference<>();

    private void failIfAsked(UnitOfWork<?> root) {
        Error now = preparationError.getAndSet(null);
        if (now != null) {
            throw now;
        }
        root.onPrepareCommit(unit -> {
            Error atCommit = commitError.getAndSet(null);
            if (atCommit != null) {
                throw atCommit;
            }
        });
    }

    @ParameterizedTest
    @MethodSource("errors")
    void an_error_of_the_writer_leaves_no_command_unanswered_and_the_writer_goes_on(Error error) throws Exception {
        String tally = "tally-" + System.nanoTime();
        preparationError.set(error);
        assertThat(refusal(send(tally, Manner.APPLY))).isEqualTo(RefusalCode.TEMPORARILY_UNAVAILABLE);
        assertThat(send(tally, Manner.APPLY).get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isEqualTo(1L);
        SupervisedWork writer = bus.supervisedWork().iterator().next();
        assertThat(writer.failures()).isEqualTo(1);
        await("the next completed round").atMost(PATIENCE).until(() -> writer.state() == SupervisedWork.State.RUNNING);
    }

    @ParameterizedTest
    @MethodSource("errors")
    void after_an_error_in_the_commit_the_next_command_decides_on_what_is_stored(Error error) throws Exception {
        String tally = "tally-" + System.nanoTime();
        assertThat(send(tally, Manner.APPLY).get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isEqualTo(1L);
        commitError.set(error);
        assertThat(refusal(send(tally, Manner.APPLY))).isEqualTo(RefusalCode.TEMPORARILY_UNAVAILABLE);
        long stored = sequences(tally).size();
        assertThat(send(tally, Manner.APPLY).get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isEqualTo(stored + 1);
    }

    @Test
    void an_error_of_a_handler_is_answered_and_takes_only_its_own_command_with_it() throws Exception {
        String tally = "tally-" + System.nanoTime();
        CompletableFuture<Object> first = send(tally, Manner.WAIT_AT_THE_GATE);
        assertThat(atTheGate.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Object> before = send(tally, Manner.OVERFLOW_BEFORE);
        CompletableFuture<Object> after = send(tally, Manner.OVERFLOW_AFTER);
        CompletableFuture<Object> last = send(tally, Manner.APPLY);
        gate.countDown();
        assertThat(first.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(1L);
        assertThat(refusal(before)).isEqualTo(RefusalCode.TEMPORARILY_UNAVAILABLE);
        assertThat(refusal(after)).isEqualTo(RefusalCode.TEMPORARILY_UNAVAILABLE);
        assertThat(last.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(2L);
        assertThat(sequences(tally)).containsExactly(0L, 1L);
    }

    record Count(String tally, Manner manner) implements OnsaleCommand {
        @Override
        public String routingKey() {
            return "one writer for all";
        }
    }

    @LogicalType("onsale-test.counted")
    record Counted(String tally, long count, String note) {}

    static class Tally {

        @AggregateIdentifier
        @Nullable
        String id;

        private long count;

        Tally() {
            // Axon makes the aggregate and replays its facts.
        }

        Tally(String id) {
            this.id = id;
        }

        long count(Manner manner) {
            if (manner == Manner.OVERFLOW_BEFORE) {
                throw new StackOverflowError("before");
            }
            if (manner == Manner.THROW_BEFORE) {
                throw new IllegalStateException("before");
            }
            AggregateLifecycle.apply(new Counted(
                    Objects.requireNonNull(id), count + 1, manner == Manner.APPLY_LARGE ? "x".repeat(3 << 20) : ""));
            if (manner == Manner.OVERFLOW_AFTER) {
                throw new StackOverflowError("after");
            }
            if (manner == Manner.THROW_AFTER) {
                throw new IllegalStateException("after");
            }
            if (manner == Manner.INTERRUPTED_AT_THE_GATE) {
                // It has to wait for the commit yet.
                Thread.currentThread().interrupt();
            }
            return count;
        }

        @EventSourcingHandler
        void on(Counted fact) {
            id = fact.tally();
            count = fact.count();
        }
    }

    /** Registered with the bus; holds the writer at the gate so that what is sent meanwhile becomes one batch. */
    final class Desk {

        private final Repository<Tally> tallies;

        Desk(Repository<Tally> tallies) {
            this.tallies = tallies;
        }

        @CommandHandler
        long handle(Count command) throws InterruptedException {
            if (command.manner() == Manner.WAIT_AT_THE_GATE || command.manner() == Manner.INTERRUPTED_AT_THE_GATE) {
                atTheGate.countDown();
                assertThat(gate.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            }
            return RepositoryAccess.loadOrCreate(tallies, command.tally(), () -> new Tally(command.tally()))
                    .invoke(tally -> tally.count(command.manner()));
        }
    }

    @BeforeAll
    static void migrate() {
        TestDatabase fresh = TestDatabase.fresh();
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(fresh.jdbcUrl());
        config.setUsername(fresh.user());
        config.setPassword(fresh.password());
        config.setMaximumPoolSize(4);
        database = new HikariDataSource(config);
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/migration/event-log")
                .load()
                .migrate();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @AfterEach
    void stop() {
        gate.countDown();
        bus.drain(PATIENCE);
        engine.close();
        axon.shutdown();
    }

    @Test
    void a_handler_that_fails_before_or_after_it_applied_takes_only_its_own_command_with_it() throws Exception {
        String tally = "tally-" + System.nanoTime();
        String other = tally + "-other";
        List<CompletableFuture<Object>> answers = new ArrayList<>();
        answers.add(send(tally, Manner.WAIT_AT_THE_GATE));
        assertThat(atTheGate.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        List<Manner> manners = List.of(
                Manner.APPLY,
                Manner.THROW_AFTER,
                Manner.APPLY,
                Manner.THROW_BEFORE,
                Manner.APPLY,
                Manner.THROW_AFTER,
                Manner.THROW_AFTER,
                Manner.APPLY);
        for (Manner manner : manners) {
            answers.add(send(tally, manner));
            answers.add(send(other, manner));
        }
        gate.countDown();
        int failed = 0;
        for (CompletableFuture<Object> answer : answers) {
            failed += answer.handle((done, failure) -> failure == null ? 0 : 1)
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        assertThat(failed).isEqualTo(8);
        assertThat(sequences(tally)).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(sequences(other)).containsExactly(0L, 1L, 2L, 3L);
        assertThat(send(tally, Manner.APPLY).get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isEqualTo(6L);
        assertThat(sequences(tally)).hasSize(6);
    }

    @Test
    void a_full_queue_refuses_at_once_and_what_got_in_is_done() throws Exception {
        String tally = "tally-" + System.nanoTime();
        CompletableFuture<Object> first = send(tally, Manner.WAIT_AT_THE_GATE);
        assertThat(atTheGate.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        List<CompletableFuture<Object>> taken = new ArrayList<>();
        for (int index = 0; index < QUEUE_DEPTH_MAX; index++) {
            taken.add(send(tally, Manner.APPLY));
        }
        CompletableFuture<Object> beyond = send(tally, Manner.APPLY);
        assertThat(beyond).isCompletedExceptionally();
        assertThat(beyond.exceptionNow())
                .isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(refused.code())
                        .isEqualTo(RefusalCode.OVERLOADED));
        assertThat(registry.get("onsale.writer.refused.commands").counter().count())
                .isEqualTo(1);
        gate.countDown();
        CompletableFuture.allOf(taken.toArray(CompletableFuture[]::new)).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(first.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(1L);
        assertThat(sequences(tally)).hasSize(QUEUE_DEPTH_MAX + 1);
    }

    @Test
    void a_writer_that_is_interrupted_in_its_work_does_what_waited_for_it() throws Exception {
        String tally = "tally-" + System.nanoTime();
        CompletableFuture<Object> interrupted = send(tally, Manner.INTERRUPTED_AT_THE_GATE);
        assertThat(atTheGate.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Object> waiting = send(tally + "-other", Manner.APPLY);
        gate.countDown();
        assertIsDoneOrUnknown(interrupted);
        assertThat(waiting.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(1L);
    }

    @Test
    void a_writer_that_is_interrupted_while_it_drains_answers_what_still_waits() throws Exception {
        String tally = "tally-" + System.nanoTime();
        List<CompletableFuture<Object>> answers = new ArrayList<>();
        answers.add(send(tally, Manner.INTERRUPTED_AT_THE_GATE));
        assertThat(atTheGate.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        answers.add(send(tally, Manner.APPLY));
        Thread drain = Thread.ofVirtual().start(() -> bus.drain(PATIENCE));
        await("the drain").atMost(PATIENCE).until(() -> {
            answers.add(send(tally, Manner.APPLY));
            return answers.getLast().isDone();
        });
        gate.countDown();
        assertIsDoneOrUnknown(answers.getFirst());
        for (CompletableFuture<Object> notTaken : answers.subList(1, answers.size())) {
            // The interrupt may have been used up by the look at the store; the writer then does what waits before it
            // ends.
            Throwable failure =
                    notTaken.handle((done, exception) -> exception).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (failure != null) {
                assertThat(failure).isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(refused.code())
                        .isEqualTo(RefusalCode.OVERLOADED));
            }
        }
        drain.join(PATIENCE);
        assertThat(bus.queueDepth()).isZero();
    }

    /** The commit may have ended before the interrupted writer waited for it; then the command is done, and not in doubt. */
    private static void assertIsDoneOrUnknown(CompletableFuture<Object> answer) throws Exception {
        Throwable failure = answer.handle((done, exception) -> exception).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (failure != null) {
            assertThat(failure).isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(refused.code())
                    .isEqualTo(RefusalCode.TEMPORARILY_UNAVAILABLE));
        }
    }

    private static RefusalCode refusal(CompletableFuture<Object> answer) throws Exception {
        Throwable failure = answer.handle((done, exception) -> exception).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return ((RefusedException) Objects.requireNonNull(failure, "no refusal")).code();
    }

    @Test
    void a_fact_too_large_for_a_group_is_written_beside_the_others() throws Exception {
        String tally = "tally-" + System.nanoTime();
        List<CompletableFuture<Object>> answers = new ArrayList<>();
        answers.add(send(tally, Manner.WAIT_AT_THE_GATE));
        assertThat(atTheGate.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        answers.add(send(tally, Manner.APPLY));
        answers.add(send(tally + "-large", Manner.APPLY_LARGE));
        answers.add(send(tally, Manner.APPLY));
        gate.countDown();
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(sequences(tally)).containsExactly(0L, 1L, 2L);
        assertThat(sequences(tally + "-large")).containsExactly(0L);
    }

    private CompletableFuture<Object> send(String tally, Manner manner) {
        CompletableFuture<Object> answer = new CompletableFuture<>();
        bus.dispatch(GenericCommandMessage.asCommandMessage(new Count(tally, manner)), (message, result) -> {
            if (result.isExceptional()) {
                answer.completeExceptionally(result.exceptionResult());
            } else {
                answer.complete(result.getPayload());
            }
        });
        return answer;
    }

    private static List<Long> sequences(String tally) {
        return JdbcClient.create(database)
                .sql(
                        "SELECT sequence_number FROM domain_event WHERE aggregate_identifier = :id ORDER BY sequence_number")
                .param("id", tally)
                .query(Long.class)
                .list();
    }

    private Configuration axon() {
        Configuration configuration = DefaultConfigurer.defaultConfiguration(false)
                .configureSerializer(config -> serializer())
                .configureEventStore(config -> new FactMarkingEventStore(engine))
                .configureCommandBus(config -> bus)
                .configureAggregate(AggregateConfigurer.defaultConfiguration(Tally.class)
                        .configureRepository(config -> CachingRepository.of(Tally.class, cache, config)))
                .registerCommandHandler(config -> new Desk(config.repository(Tally.class)))
                .start();
        return configuration;
    }

    private static Serializer serializer() {
        return LogicalTypeSerializer.with(List.of(new StoredTypes(List.of(Counted.class))));
    }

    private static GroupCommitEventStorageEngine engine() {
        TransactionManager transactions = new SpringTransactionManager(new JdbcTransactionManager(database));
        EventStorageEngine stock = JdbcEventStorageEngine.builder()
                .eventSerializer(serializer())
                .snapshotSerializer(serializer())
                .persistenceExceptionResolver(new DuplicateKeys())
                .connectionProvider(
                        new UnitOfWorkAwareConnectionProviderWrapper(new SpringDataSourceConnectionProvider(database)))
                .transactionManager(transactions)
                .schema(EventLogConfiguration.schema())
                .build();
        return new GroupCommitEventStorageEngine(
                stock,
                new GroupInsert(database),
                new StoredIdentifiers(database),
                serializer(),
                new GroupCommitMetrics(new SimpleMeterRegistry()),
                Duration.ofSeconds(30));
    }
}
