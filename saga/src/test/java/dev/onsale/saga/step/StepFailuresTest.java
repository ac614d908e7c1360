package dev.onsale.saga.step;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import java.net.ConnectException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
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

    static Stream<Throwable> expected() {
        return Stream.of(
                new RefusedException(RefusalCode.TEMPORARILY_UNAVAILABLE, "a part is away"),
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
                failures.failed(new Pay("p-" + step), round, failure);
            }
            now.addAndGet(Duration.ofSeconds(10).toNanos());
            failures.look();
        }
        assertThat(failures.waiting()).isEqualTo(100);
        failures.worked(new Pay("p-1"));
        now.addAndGet(Duration.ofSeconds(5).toNanos());
        failures.look();
        assertThat(told()).hasSize(2).noneMatch(line -> line.getThrowableProxy() != null);
        assertThat(told().getFirst().getFormattedMessage())
                .startsWith("Checkout step processing failed and is tried again: authorize-payment: ");
        assertThat(told().getLast().getFormattedMessage())
                .isEqualTo("Checkout step processing works again after 50 s; steps that waited: 100");
        assertThat(failures.waiting()).isZero();
    }

    @Test
    void a_stop_says_nothing() {
        failures.failed(new Pay("p-1"), 0, new IllegalStateException("The node stops", new InterruptedException()));
        assertThat(told()).isEmpty();
        assertThat(failures.waiting()).isZero();
    }

    @Test
    void what_nobody_expects_has_its_stack_trace_once_for_each_step() {
        for (int before = 0; before < 4; before++) {
            failures.failed(new Pay("p-1"), before, new NullPointerException("a fault of ours"));
            failures.failed(
                    new Pay("p-2"), before, new IllegalStateException("failed", new SQLException("bad", "42S02")));
        }
        assertThat(told()).hasSize(8);
        assertThat(told()).filteredOn(line -> line.getThrowableProxy() != null).hasSize(2);
        assertThat(failures.waiting()).isZero();
    }
}
