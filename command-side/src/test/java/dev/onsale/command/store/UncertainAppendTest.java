package dev.onsale.command.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.coupon.CouponIssued;
import dev.onsale.command.CommandSideHost;
import dev.onsale.testsupport.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import javax.sql.DataSource;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.serialization.Serializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** A write without a certain outcome is looked up before anybody is told that it failed, whatever the next attempt met. */
class UncertainAppendTest {

    private static final String CONNECTION_LOST = "08S01";

    private static final TestDatabase DATABASE = TestDatabase.fresh();
    private static final ConfigurableApplicationContext NODE = CommandSideHost.start(DATABASE);

    private final FaultyDataSource faulty = new FaultyDataSource(NODE.getBean(DataSource.class));
    private final GroupCommitEventStorageEngine engine = new GroupCommitEventStorageEngine(
            NODE.getBean(ReadingEventStorageEngine.class),
            new GroupInsert(faulty),
            new StoredIdentifiers(NODE.getBean(DataSource.class)),
            NODE.getBean(Serializer.class),
            new GroupCommitMetrics(new SimpleMeterRegistry()),
            Duration.ofSeconds(5));

    @AfterAll
    static void stop() {
        NODE.close();
    }

    @AfterEach
    void close() {
        engine.close();
    }

    /** Every class of error after which an attempt by itself has stored nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"21S01", "22001", "23000", "42000"})
    void stored_by_the_uncertain_attempt_is_no_failure_whatever_the_next_attempt_met(String state) {
        faulty.then(Fault.afterTheEffect(CONNECTION_LOST)).then(Fault.beforeTheEffect(state));
        CampaignId campaign = CampaignId.next();

        append(fact(campaign, 0));

        assertThat(stored(campaign)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"21S01", "22001", "42000"})
    void not_stored_by_any_attempt_is_a_failure(String state) {
        faulty.then(Fault.beforeTheEffect(CONNECTION_LOST)).then(Fault.beforeTheEffect(state));
        CampaignId campaign = CampaignId.next();

        assertThatThrownBy(() -> append(fact(campaign, 0))).isNotInstanceOf(OutcomeUnknownException.class);

        assertThat(stored(campaign)).isZero();
    }

    @Test
    void an_error_fails_its_append_as_unknown_and_the_next_append_is_written() {
        faulty.then(Fault.error());
        CampaignId campaign = CampaignId.next();

        assertThatThrownBy(() -> append(fact(campaign, 0))).isInstanceOf(OutcomeUnknownException.class);
        append(fact(campaign, 0));

        assertThat(stored(campaign)).isEqualTo(1);
    }

    private static EventMessage<?> fact(CampaignId campaign, long sequence) {
        CouponIssued issued = new CouponIssued(
                campaign, CouponId.next(), BuyerId.of("alice"), 1, Instant.parse("2026-01-01T00:00:00Z"));
        return new GenericDomainEventMessage<>("Campaign", campaign.toString(), sequence, issued);
    }

    private void append(EventMessage<?> fact) {
        UnitOfWork<EventMessage<?>> root = DefaultUnitOfWork.startAndGet(fact);
        try {
            root.resources().put(GroupCommitEventStorageEngine.GROUPED, true);
            engine.appendEvents(List.of(fact));
            root.commit();
        } finally {
            if (root.isActive()) {
                root.rollback();
            }
        }
    }

    private static long stored(CampaignId campaign) {
        return NODE.getBean(ReadingEventStorageEngine.class)
                .readEvents(campaign.toString(), 0)
                .asStream()
                .count();
    }

    /** What happens to one statement: nothing, an SQL error of a state before or after its effect, or an {@link Error}. */
    private record Fault(String state, boolean afterEffect) {

        static Fault afterTheEffect(String state) {
            return new Fault(state, true);
        }

        static Fault beforeTheEffect(String state) {
            return new Fault(state, false);
        }

        static Fault error() {
            return new Fault("", false);
        }
    }

    private static final class FaultyDataSource extends DelegatingDataSource {

        private final Queue<Fault> faults = new ArrayDeque<>();

        FaultyDataSource(DataSource target) {
            super(target);
        }

        FaultyDataSource then(Fault fault) {
            faults.add(fault);
            return this;
        }

        @Override
        public Connection getConnection() throws SQLException {
            Connection connection = super.getConnection();
            Fault fault = faults.poll();
            return fault == null ? connection : Proxies.connection(connection, statement -> strike(statement, fault));
        }

        private static Object strike(Proxies.Call call, Fault fault) throws Throwable {
            if (fault.state().isEmpty()) {
                throw new StackOverflowError("planted");
            }
            if (fault.afterEffect()) {
                Object unused = call.proceed();
            }
            throw new SQLException("planted", fault.state());
        }
    }

    /** JDBC objects whose {@code executeUpdate} is intercepted. */
    private static final class Proxies {

        interface Call {
            Object proceed() throws Throwable;
        }

        interface Interceptor {
            Object around(Call call) throws Throwable;
        }

        static Connection connection(Connection target, Interceptor interceptor) {
            return proxy(
                    Connection.class,
                    target,
                    "createStatement",
                    created -> proxy(Statement.class, (Statement) created.proceed(), "executeUpdate", interceptor));
        }

        private static <T> T proxy(Class<T> type, T target, String method, Interceptor interceptor) {
            return type.cast(
                    Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, called, arguments) -> {
                        Call call = () -> {
                            try {
                                return called.invoke(target, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getTargetException();
                            }
                        };
                        return called.getName().equals(method) ? interceptor.around(call) : call.proceed();
                    }));
        }
    }
}
