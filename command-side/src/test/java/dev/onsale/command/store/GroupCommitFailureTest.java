package dev.onsale.command.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.onsale.api.LogicalType;
import dev.onsale.eventlog.DuplicateKeys;
import dev.onsale.eventlog.EventLogConfiguration;
import dev.onsale.eventlog.LogicalTypeSerializer;
import dev.onsale.eventlog.StoredTypes;
import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.testsupport.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.sql.DataSource;
import org.axonframework.common.jdbc.UnitOfWorkAwareConnectionProviderWrapper;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
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
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** Writes that fail in a planned way: what the caller is told agrees with what is stored. */
@Tag("services")
class GroupCommitFailureTest {

    private static HikariDataSource database = new HikariDataSource();

    private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
    private final GroupCommitEventStorageEngine engine = engine();

    @LogicalType("onsale-test.noted")
    record Noted(String text) {}

    /** How one write ends. */
    private record Fault(boolean stores, Throwable failure) {}

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
    static void closeDatabase() {
        database.close();
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"22001", "21S01", "42000", "23000"})
    void a_write_that_was_uncertain_and_stored_is_reported_stored_though_the_next_try_fails_for_certain(String state) {
        faults.add(new Fault(true, new SQLException("the connection was lost", "08S01")));
        faults.add(new Fault(false, new SQLException("fails for certain", state)));
        String aggregate = UUID.randomUUID().toString();
        assertThatCode(() -> append(aggregate)).doesNotThrowAnyException();
        assertThat(stored(aggregate)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"22001", "21S01", "42000"})
    void a_write_that_was_uncertain_and_not_stored_is_reported_failed_when_it_fails_for_certain(String state) {
        faults.add(new Fault(false, new SQLException("the connection was lost", "08S01")));
        faults.add(new Fault(false, new SQLException("fails for certain", state)));
        String aggregate = UUID.randomUUID().toString();
        assertThatThrownBy(() -> append(aggregate)).isNotInstanceOf(OutcomeUnknownException.class);
        assertThat(stored(aggregate)).isZero();
    }

    static List<Error> errors() {
        return List.of(
                new StackOverflowError("injected"),
                new NoClassDefFoundError("injected"),
                new AssertionError("injected"),
                new OutOfMemoryError("injected"));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void an_error_in_the_flusher_makes_the_outcome_unknown_and_the_flusher_goes_on(Error error) {
        faults.add(new Fault(false, error));
        assertThatThrownBy(() -> append(UUID.randomUUID().toString())).isInstanceOf(OutcomeUnknownException.class);
        String next = UUID.randomUUID().toString();
        append(next);
        assertThat(stored(next)).isEqualTo(1);
        SupervisedWork flusher = engine.supervisedWork().iterator().next();
        assertThat(flusher.failures()).isEqualTo(1);
        await("the next completed round")
                .atMost(Duration.ofSeconds(60))
                .until(() -> flusher.state() == SupervisedWork.State.RUNNING);
    }

    @Test
    void an_append_after_the_end_of_the_flusher_is_answered_at_once() {
        engine.close();
        long begun = System.nanoTime();
        assertThatThrownBy(() -> append(UUID.randomUUID().toString())).isInstanceOf(OutcomeUnknownException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
    }

    private void append(String aggregate) {
        UnitOfWork<?> root = DefaultUnitOfWork.startAndGet(GenericEventMessage.asEventMessage("test"));
        root.resources().put(GroupCommitEventStorageEngine.GROUPED, true);
        root.onPrepareCommit(unit ->
                engine.appendEvents(List.of(new GenericDomainEventMessage<>("Test", aggregate, 0, new Noted("x")))));
        root.commit();
    }

    private static int stored(String aggregate) {
        return JdbcClient.create(database)
                .sql("SELECT COUNT(*) FROM domain_event WHERE aggregate_identifier = :id")
                .param("id", aggregate)
                .query(Integer.class)
                .single();
    }

    private GroupCommitEventStorageEngine engine() {
        Serializer serializer = LogicalTypeSerializer.with(List.of(new StoredTypes(List.of(Noted.class))));
        EventStorageEngine stock = JdbcEventStorageEngine.builder()
                .eventSerializer(serializer)
                .snapshotSerializer(serializer)
                .persistenceExceptionResolver(new DuplicateKeys())
                .connectionProvider(
                        new UnitOfWorkAwareConnectionProviderWrapper(new SpringDataSourceConnectionProvider(database)))
                .transactionManager(new SpringTransactionManager(new JdbcTransactionManager(database)))
                .schema(EventLogConfiguration.schema())
                .build();
        return new GroupCommitEventStorageEngine(
                stock,
                new GroupInsert(faulty()),
                new StoredIdentifiers(database),
                serializer,
                new GroupCommitMetrics(new SimpleMeterRegistry()),
                Duration.ofSeconds(20));
    }

    private DataSource faulty() {
        return proxy(
                DataSource.class,
                database,
                "getConnection",
                connection -> proxy(
                        Connection.class,
                        (Connection) connection,
                        "createStatement",
                        statement -> proxy(Statement.class, (Statement) statement, "executeUpdate", rows -> rows)));
    }

    private interface Wrapping {
        Object wrap(Object result);
    }

    private <T> T proxy(Class<T> type, T target, String wrapped, Wrapping wrapping) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    boolean write = method.getName().equals("executeUpdate");
                    @Nullable Fault fault = write ? faults.poll() : null;
                    if (fault != null && !fault.stores()) {
                        throw fault.failure();
                    }
                    Object result;
                    try {
                        result = method.invoke(target, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (fault != null) {
                        throw fault.failure();
                    }
                    return method.getName().equals(wrapped) ? wrapping.wrap(result) : result;
                }));
    }
}
