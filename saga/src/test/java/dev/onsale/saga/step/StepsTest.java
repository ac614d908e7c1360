package dev.onsale.saga.step;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.onsale.saga.SagaProperties;
import dev.onsale.testsupport.TestDatabase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.axonframework.spring.config.SpringAxonConfiguration;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Tag("services")
class StepsTest {

    private static final Clock CLOCK = Clock.systemUTC();
    private static final Duration HEARTBEAT = Duration.ofMillis(200);
    private static final Greet HELLO = new Greet("hello", "first try");

    private final TestDatabase database = TestDatabase.fresh();
    private final HikariDataSource dataSource = new HikariDataSource();
    private final List<Greet> taken = new CopyOnWriteArrayList<>();
    private final Queue<Function<Greet, StepResult>> script = new ConcurrentLinkedQueue<>();
    private AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

    record Greet(String name, String note) implements Step {
        @Override
        public String kind() {
            return "greet";
        }

        @Override
        public String id() {
            return name;
        }
    }

    /** Answers as the script says, then that it is done. */
    private final class Greeting implements StepHandler<Greet> {
        @Override
        public String kind() {
            return "greet";
        }

        @Override
        public Class<Greet> type() {
            return Greet.class;
        }

        @Override
        public StepResult take(Greet step) {
            taken.add(step);
            Function<Greet, StepResult> next = script.poll();
            return next == null ? StepResult.done() : next.apply(step);
        }

        @Override
        public Greet interrupted(Greet step) {
            return new Greet(step.name(), "interrupted");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(SagaProperties.class)
    @Import(SagaStepConfiguration.class)
    static class Application {}

    @BeforeEach
    void migrate() {
        // A session far from UTC, to which no instant may be bent.
        dataSource.setJdbcUrl(database.jdbcUrl()
                + (database.jdbcUrl().contains("?") ? "&" : "?")
                + "connectionTimeZone=%2B05:00&forceConnectionTimeZoneToSession=true");
        dataSource.setUsername(database.user());
        dataSource.setPassword(database.password());
        Flyway.configure()
                .dataSource(dataSource)
                .locations("classpath:db/migration/saga")
                .load()
                .migrate();
        start("PT0.05S");
    }

    @AfterEach
    void close() {
        context.close();
        dataSource.close();
    }

    private void start(String pollInterval, String... more) {
        context = node(pollInterval, more);
    }

    private AnnotationConfigApplicationContext node(String pollInterval, String... more) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        TestPropertyValues.of(more).applyTo(context);
        TestPropertyValues.of(
                        "onsale.saga.step-poll-interval=" + pollInterval,
                        "onsale.saga.step-heartbeat=" + HEARTBEAT,
                        "onsale.saga.step-drain-patience=PT0.3S",
                        "onsale.saga.retry-after-min=PT0.02S",
                        "onsale.saga.retry-after-max=PT0.1S")
                .applyTo(context);
        // As a singleton from outside: the context must not close it.
        context.getBeanFactory().registerSingleton("dataSource", dataSource);
        context.registerBean(Clock.class, () -> CLOCK);
        context.registerBean(Greeting.class, Greeting::new);
        context.registerBean(PlatformTransactionManager.class, () -> new JdbcTransactionManager(dataSource));
        context.register(Application.class);
        context.refresh();
        return context;
    }

    private Steps steps() {
        return context.getBean(Steps.class);
    }

    private TransactionTemplate transaction() {
        return new TransactionTemplate(new JdbcTransactionManager(dataSource));
    }

    private long rows() {
        return JdbcClient.create(dataSource)
                .sql("SELECT COUNT(*) FROM saga_step")
                .query(Long.class)
                .single();
    }

    private void awaitDone(int times) {
        Awaitility.await("the step is taken and gone")
                .atMost(Duration.ofSeconds(60))
                .until(() -> taken.size() >= times && rows() == 0);
    }

    @Test
    void a_step_asked_for_in_a_transaction_that_rolls_back_was_never_asked_for() {
        transaction().executeWithoutResult(status -> {
            steps().next(HELLO);
            status.setRollbackOnly();
        });

        assertThat(rows()).isZero();
        assertThat(taken).isEmpty();
    }

    @Test
    void a_committed_step_is_taken_without_waiting_for_the_next_poll() {
        context.close();
        start("PT1H");

        transaction().executeWithoutResult(status -> steps().next(HELLO));
        awaitDone(1);
    }

    @Test
    void the_same_step_asked_for_twice_is_one_step() {
        steps().at(CLOCK.instant().plusSeconds(3_600), HELLO);
        steps().at(CLOCK.instant(), new Greet("hello", "second try"));

        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void an_instant_is_stored_as_utc_whatever_the_session_thinks() {
        Instant due = CLOCK.instant().plusSeconds(3_600);
        steps().at(due, HELLO);

        assertThat(JdbcClient.create(dataSource)
                        .sql("SELECT CAST(execution_time AS CHAR) FROM saga_step")
                        .query(String.class)
                        .single())
                .startsWith(due.toString().substring(0, 19).replace('T', ' '));
    }

    @Test
    void a_step_that_failed_is_taken_again_as_it_was() {
        script.add(step -> {
            throw new IllegalStateException("as the test wants it");
        });
        steps().next(HELLO);

        awaitDone(2);
        assertThat(taken).containsExactly(HELLO, HELLO);
    }

    @Test
    void a_step_without_an_outcome_is_taken_again_with_what_it_learned() {
        Greet wiser = new Greet("hello", "perhaps sent");
        script.add(step -> new StepResult.Unresolved(wiser, "no answer"));
        script.add(step -> new StepResult.NotBegun(step, "circuit open"));
        script.add(step -> new StepResult.Again(step, CLOCK.instant()));
        steps().next(HELLO);

        awaitDone(4);
        assertThat(taken).containsExactly(HELLO, wiser, wiser, wiser);
    }

    @Test
    void a_step_can_be_replaced_by_another() {
        Greet other = new Greet("goodbye", "");
        script.add(step -> new StepResult.Instead(other));
        steps().next(HELLO);

        awaitDone(2);
        assertThat(taken).containsExactly(HELLO, other);
    }

    @Test
    void a_step_leads_on_to_another_in_one_run_and_has_the_only_row() {
        Greet next = new Greet("goodbye", "");
        List<String> rows = new CopyOnWriteArrayList<>();
        script.add(step -> new StepResult.Then(next));
        script.add(step -> {
            rows.addAll(storedSteps());
            return StepResult.done();
        });
        steps().next(HELLO);

        awaitDone(2);
        assertThat(taken).containsExactly(HELLO, next);
        assertThat(rows).containsExactly("hello");
    }

    @Test
    void a_run_that_fails_after_it_led_on_begins_again_as_one_that_was_interrupted() {
        Greet next = new Greet("goodbye", "");
        script.add(step -> new StepResult.Then(next));
        script.add(step -> {
            throw new IllegalStateException("the second step fails");
        });
        script.add(step -> new StepResult.Then(next));
        steps().next(HELLO);

        awaitDone(4);
        assertThat(taken).containsExactly(HELLO, next, new Greet("hello", "interrupted"), next);
    }

    @Test
    void a_run_that_led_on_and_has_no_outcome_goes_on_with_the_step_it_reached() {
        Greet next = new Greet("goodbye", "");
        Greet wiser = new Greet("goodbye", "perhaps sent");
        script.add(step -> new StepResult.Then(next));
        script.add(step -> new StepResult.Unresolved(wiser, "no answer"));
        steps().next(HELLO);

        awaitDone(3);
        assertThat(taken).containsExactly(HELLO, next, wiser);
    }

    private List<String> storedSteps() {
        return JdbcClient.create(dataSource)
                .sql("SELECT task_instance FROM saga_step")
                .query(String.class)
                .list();
    }

    @Test
    void a_step_of_a_dead_node_is_taken_over_knowing_that_it_was_interrupted() {
        context.close();
        JdbcClient.create(dataSource)
                .sql("INSERT INTO saga_step (task_name, task_instance, task_data, execution_time, picked, picked_by,"
                        + " last_heartbeat, version) VALUES ('greet', 'hello',"
                        + " '{\"name\":\"hello\",\"note\":\"first try\"}', '2020-01-01', TRUE, 'dead',"
                        + " '2020-01-01', 1)")
                .update();
        start("PT0.05S");

        awaitDone(1);
        assertThat(taken).containsExactly(new Greet("hello", "interrupted"));
    }

    @Test
    void a_stop_interrupts_what_does_not_end_and_leaves_it_for_the_next_start() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        script.add(step -> {
            running.countDown();
            try {
                never.await(1, TimeUnit.HOURS);
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
            }
            return StepResult.done();
        });
        steps().next(HELLO);
        assertThat(running.await(10, TimeUnit.SECONDS)).as("the step runs").isTrue();

        context.close();
        assertThat(rows()).isEqualTo(1);
        start("PT0.05S");
        awaitDone(2);
        assertThat(taken).containsExactly(HELLO, HELLO);
    }

    @Test
    void the_steps_of_one_transaction_are_each_taken_once() {
        List<Greet> hundred = IntStream.range(0, 100)
                .mapToObj(number -> new Greet("hello " + number, ""))
                .toList();

        transaction().executeWithoutResult(status -> hundred.forEach(steps()::next));
        awaitDone(100);
        assertThat(taken).containsExactlyInAnyOrderElementsOf(hundred);
    }

    @Test
    void what_does_not_fit_into_memory_is_found_in_the_table() {
        context.close();
        start("PT0.05S", "onsale.saga.steps-in-memory-max=1");
        List<Greet> twenty = IntStream.range(0, 20)
                .mapToObj(number -> new Greet("hello " + number, ""))
                .toList();

        transaction().executeWithoutResult(status -> twenty.forEach(steps()::next));
        awaitDone(20);
        assertThat(taken).containsExactlyInAnyOrderElementsOf(twenty);
    }

    @Test
    void a_first_try_that_takes_long_is_not_taken_over_by_another_node() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        script.add(step -> {
            running.countDown();
            try {
                assertThat(end.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
            }
            return StepResult.done();
        });
        steps().next(HELLO);
        assertThat(running.await(10, TimeUnit.SECONDS)).as("the step runs").isTrue();

        try (AnnotationConfigApplicationContext other = node("PT0.05S")) {
            // Were the first node silent, this one would have had the row after four of its heartbeats.
            assertThat(other.getBean(StepScheduler.class).isRunning()).isTrue();
            Instant begun = CLOCK.instant();
            Awaitility.await("three times as long as a silent node is borne with")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> heartbeat().isAfter(begun.plus(HEARTBEAT.multipliedBy(12))));
            assertThat(taken).containsExactly(HELLO);
        }
        end.countDown();
        awaitDone(1);
        assertThat(taken).containsExactly(HELLO);
    }

    private Instant heartbeat() {
        return JdbcClient.create(dataSource)
                .sql("SELECT last_heartbeat FROM saga_step")
                .query(LocalDateTime.class)
                .single()
                .toInstant(ZoneOffset.UTC);
    }

    @Test
    void results_that_could_not_be_written_are_written_when_the_database_is_back() {
        JdbcClient database = JdbcClient.create(dataSource);
        script.add(step -> {
            database.sql("RENAME TABLE saga_step TO saga_step_away").update();
            return StepResult.done();
        });
        steps().next(HELLO);
        Awaitility.await("the step is taken").atMost(Duration.ofSeconds(60)).until(() -> taken.size() == 1);
        InMemoryStepQueue tries = context.getBean(InMemoryStepQueue.class);
        Awaitility.await("its result cannot be written")
                .during(Duration.ofMillis(700))
                .until(() -> tries.inMemory() == 1);

        database.sql("RENAME TABLE saga_step_away TO saga_step").update();
        awaitDone(1);
        assertThat(taken).containsExactly(HELLO);
        Awaitility.await("nothing is left in memory")
                .atMost(Duration.ofSeconds(60))
                .until(() -> tries.inMemory() == 0);
    }

    @Test
    void steps_start_after_the_command_handlers_and_before_the_web_server() {
        assertThat(context.getBean(StepScheduler.class).getPhase())
                .isGreaterThan(SpringAxonConfiguration.LIFECYCLE_PHASE)
                .isLessThan(Integer.MAX_VALUE - 2_048);
    }
}
