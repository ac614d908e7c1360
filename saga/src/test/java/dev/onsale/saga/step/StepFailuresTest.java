package dev.onsale.saga.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.platform.supervision.SupervisedWork;
import java.net.ConnectException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.CannotCreateTransactionException;

class StepFailuresTest {

    private final AtomicLong now = new AtomicLong();
    private final StepFailures failures = new StepFailures(now::get);
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    private record Pay(String id) implements Step {
        @Override
        public String kind() {
            return "authorize-payment";
        }
    }

    @BeforeEach
    void listen() {
        log.start();
        root.addAppender(log);
    }

    @AfterEach
    void stop() {
        root.detachAppender(log);
    }

    private List<ILoggingEvent> told() {
        return log.list.stream()
                .filter(line -> line.getLevel().isGreaterOrEqual(Level.INFO))
                .toList();
    }

    private List<String> toldOf(String id) {
        return told().stream()
                .filter(line -> line.getLoggerName().equals(StepFailures.class.getName()))
                .map(ILoggingEvent::getFormattedMessage)
                .filter(line -> line.startsWith("authorize-payment " + id + " "))
                .toList();
    }

    static Stream<Throwable> expected() {
        return Stream.of(
                new RefusedException(RefusalCode.TEMPORARILY_UNAVAILABLE, "a part is away"),
                new IllegalStateException("failed", new RefusedException(RefusalCode.OVERLOADED, "too many wait")),
                new IllegalStateException("No answer to a command", new TimeoutException()),
                new IllegalStateException("failed", new ConnectException("refused")),
                new CannotGetJdbcConnectionException("away", new SQLTransientConnectionException("no connection")),
                new CannotCreateTransactionException("away"),
                new QueryTimeoutException("slow"),
                new IllegalStateException("failed", new SQLException("gone", "08S01")));
    }

    @ParameterizedTest
    @MethodSource("expected")
    void expected_trouble_of_a_hundred_steps_is_two_lines_without_a_stack_trace(Throwable failure) {
        for (int round = 0; round < 5; round++) {
            for (int step = 0; step < 100; step++) {
                failures.failed(new Pay("p-" + step), failure);
            }
            now.addAndGet(Duration.ofSeconds(10).toNanos());
            failures.look();
        }
        assertThat(failures.waiting()).isEqualTo(100);
        failures.ended(new Pay("p-1"), StepResult.done());
        now.addAndGet(Duration.ofSeconds(5).toNanos());
        failures.look();
        assertThat(told()).hasSize(2).noneMatch(line -> line.getThrowableProxy() != null);
        assertThat(told().getFirst().getFormattedMessage())
                .startsWith("Checkout step processing failed and is tried again: authorize-payment: p-0: ");
        assertThat(told().getLast().getFormattedMessage())
                .isEqualTo("Checkout step processing works again after 50 s; steps that waited: 100");
        assertThat(failures.waiting()).isZero();
    }

    @Test
    void a_stop_says_nothing() {
        failures.failed(new Pay("p-1"), new IllegalStateException("The node stops", new InterruptedException()));
        assertThat(told()).isEmpty();
        assertThat(failures.waiting()).isZero();
    }

    static Stream<Throwable> unexpected() {
        return Stream.of(
                new NullPointerException("a fault of ours"),
                new NoClassDefFoundError("a class is missing"),
                new ExceptionInInitializerError(new ConnectException("refused")),
                new IllegalStateException("failed", new SQLException("bad", "42S02")),
                new RefusedException(RefusalCode.PAYMENT_NOT_FOUND, "no such payment"),
                RefusedException.causedBy(new ConnectException("refused"), RefusalCode.INVALID_REQUEST, "no"));
    }

    @ParameterizedTest
    @MethodSource("unexpected")
    void what_nobody_expects_is_told_of_each_step_at_first_and_then_at_growing_intervals(Throwable failure) {
        for (int time = 1; time <= 45; time++) {
            failures.failed(new Pay("p-1"), failure);
            failures.failed(new Pay("p-2"), failure);
            failures.ended(new Pay("p-3"), StepResult.done());
        }
        assertThat(told()).hasSize(8).allMatch(line -> line.getLevel() == Level.WARN);
        assertThat(toldOf("p-1"))
                .satisfiesExactly(
                        first -> assertThat(first).contains("authorize-payment p-1 failed; it will be tried again: "),
                        tenth -> assertThat(tenth).startsWith("authorize-payment p-1 failed 10 times: "),
                        next -> assertThat(next).startsWith("authorize-payment p-1 failed 20 times: "),
                        last -> assertThat(last).startsWith("authorize-payment p-1 failed 40 times: "));
        assertThat(toldOf("p-2")).hasSize(4);
        assertThat(told()).filteredOn(line -> line.getThrowableProxy() != null).hasSize(2);
        assertThat(failures.waiting()).isZero();
    }

    @Test
    void a_refusal_for_good_is_told_with_its_code() {
        failures.failed(new Pay("p-1"), new RefusedException(RefusalCode.PAYMENT_NOT_FOUND, "no such payment"));
        assertThat(toldOf("p-1"))
                .containsExactly(
                        "authorize-payment p-1 failed; it will be tried again: PAYMENT_NOT_FOUND: no such payment");
    }

    @Test
    void another_failure_of_the_same_step_has_its_stack_trace_too() {
        for (int time = 0; time < 4; time++) {
            failures.failed(new Pay("p-1"), new NullPointerException("a fault of ours"));
            failures.failed(new Pay("p-1"), new ArithmeticException("another one"));
        }
        assertThat(told()).hasSize(2).allMatch(line -> line.getThrowableProxy() != null);
    }

    @Test
    void an_answer_without_an_outcome_is_told_of_each_step_at_first_and_then_at_growing_intervals() {
        StepResult refused =
                StepResult.Unresolved.unexpected(new Pay("p-1"), "the gateway refuses to void it: captured");
        for (int time = 1; time <= 45; time++) {
            failures.ended(new Pay("p-1"), refused);
            failures.ended(new Pay("p-1"), new StepResult.Unresolved(new Pay("p-1"), "timeout"));
            failures.ended(new Pay("p-1"), new StepResult.NotBegun(new Pay("p-1"), "circuit open"));
        }
        assertThat(told()).allMatch(line -> line.getLevel() == Level.WARN);
        String told = "authorize-payment p-1 has no outcome yet, try %d: the gateway refuses to void it: captured";
        assertThat(toldOf("p-1"))
                .containsExactly(told.formatted(1), told.formatted(10), told.formatted(20), told.formatted(40));

        failures.ended(new Pay("p-1"), StepResult.done());
        failures.ended(new Pay("p-1"), refused);
        assertThat(toldOf("p-1")).as("a new series").hasSize(5);
    }

    @Test
    void an_outage_of_the_gateway_and_a_refusal_of_its_settings_are_told_elsewhere() {
        for (int step = 0; step < 100; step++) {
            failures.ended(new Pay("p-" + step), new StepResult.Unresolved(new Pay("p-" + step), "HTTP 503"));
            failures.ended(new Pay("p-" + step), new StepResult.NotBegun(new Pay("p-" + step), "HTTP 429"));
        }
        assertThat(told()).isEmpty();
    }

    /** What a handler throws, and what it caught to keep what the step learned. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_failed_run_is_told_once_and_does_not_count_as_worked(boolean isThrown) throws Exception {
        SupervisedWork taking = SupervisedWork.onDemand("steps-of-a-test", Duration.ofMinutes(1));
        StepRunner runner = new StepRunner(taking, failures);
        failures.failed(new Pay("p-0"), new RefusedException(RefusalCode.OVERLOADED, "too many wait"));
        now.addAndGet(Duration.ofSeconds(10).toNanos());
        for (int time = 0; time < 3; time++) {
            run(runner, isThrown, new NullPointerException("a fault of ours"));
        }
        assertThat(taking.failures()).isZero();
        assertThat(failures.waiting()).as("nothing has worked").isEqualTo(1);
        assertThat(toldOf("p-1")).hasSize(1);

        run(runner, isThrown, new NoClassDefFoundError("a class is missing"));
        assertThat(taking.failures()).isEqualTo(1);
        assertThat(toldOf("p-1")).hasSize(2);

        assertThat(runner.run(handler(step -> StepResult.done()), new Pay("p-1")))
                .isEqualTo(StepResult.done());
        assertThat(failures.waiting()).isZero();
    }

    private static void run(StepRunner runner, boolean isThrown, Throwable failure) throws InterruptedException {
        if (!isThrown) {
            StepResult caught = StepResult.Unresolved.failed(new Pay("p-1"), failure);
            assertThat(runner.run(handler(step -> caught), new Pay("p-1"))).isEqualTo(caught);
            return;
        }
        assertThatThrownBy(() -> runner.run(
                        handler(step -> {
                            if (failure instanceof Error error) {
                                throw error;
                            }
                            throw (RuntimeException) failure;
                        }),
                        new Pay("p-1")))
                .isSameAs(failure);
    }

    private static StepHandler<Pay> handler(Function<Pay, StepResult> take) {
        return new StepHandler<>() {
            @Override
            public String kind() {
                return "authorize-payment";
            }

            @Override
            public Class<Pay> type() {
                return Pay.class;
            }

            @Override
            public StepResult take(Pay step) {
                return take.apply(step);
            }
        };
    }
}
