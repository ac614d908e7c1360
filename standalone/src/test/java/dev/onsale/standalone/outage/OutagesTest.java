package dev.onsale.standalone.outage;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.EchoEncoder;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class OutagesTest {

    /** A console appender that records its lines. */
    private static final class Console extends ConsoleAppender<ILoggingEvent> {

        final List<String> lines = new ArrayList<>();

        Console() {
            setEncoder(new EchoEncoder<>());
        }

        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage());
        }
    }

    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Console console = new Console();
    private final ListAppender<ILoggingEvent> file = new ListAppender<>();
    private final AtomicLong now = new AtomicLong();
    private final AtomicBoolean answers = new AtomicBoolean();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Outages outages = new Outages(now::get);
    private final OutageWatch watch =
            new OutageWatch(outages, Map.of(Service.DATABASE, answers::get, Service.KAFKA, answers::get), registry);

    @BeforeEach
    void listen() {
        console.setContext(context);
        console.start();
        file.start();
        root.addAppender(console);
        root.addAppender(file);
        outages.attachTo(context);
    }

    @AfterEach
    void stop() {
        outages.detach();
        root.detachAppender(console);
        root.detachAppender(file);
    }

    @Test
    void an_outage_is_one_line_when_it_begins_and_one_when_it_ends_however_often_something_fails() {
        Logger client = context.getLogger("org.apache.kafka.clients.NetworkClient");
        Logger own = context.getLogger("dev.onsale.command.publishing.KafkaPublisher");
        for (int second = 0; second < 80; second++) {
            client.warn(
                    "[Producer clientId=x] Connection to node {} could not be established. Node may not be available.",
                    1);
            client.warn("Something else that only a library without its service says");
            own.error("Facts wait", new org.apache.kafka.common.errors.TimeoutException("expired"));
            now.addAndGet(Duration.ofSeconds(1).toNanos());
            watch.check(now.get());
        }
        assertThat(console.lines).hasSize(1).first().asString().startsWith("Kafka is away: ");
        assertThat(away("kafka")).isEqualTo(1);
        assertThat(away("redis")).isZero();
        assertThat(file.list).as("the log file has a share").hasSizeBetween(50, 100);

        now.addAndGet(Duration.ofSeconds(10).toNanos());
        watch.check(now.get());
        assertThat(console.lines).as("quiet, but without an answer").hasSize(1);
        answers.set(true);
        watch.check(now.get());

        assertThat(console.lines).hasSize(2).last().asString().startsWith("Kafka is back after 90 s; of 240 lines");
        assertThat(away("kafka")).isZero();
    }

    @Test
    void what_is_no_outage_stays_on_the_console_with_its_stack_trace() {
        context.getLogger("dev.onsale.platform.http.ProblemHandler")
                .error("A request failed", new IllegalStateException("a fault of ours"));
        context.getLogger("org.apache.kafka.clients.consumer.ConsumerConfig").warn("A setting is not known");
        context.getLogger("dev.onsale.x").warn("A buyer disconnected");
        assertThat(console.lines).containsExactly("A request failed", "A setting is not known", "A buyer disconnected");
    }

    @Test
    void a_service_is_recognised_by_the_cause_and_by_the_text_of_a_cause() {
        context.getLogger("dev.onsale.a")
                .error("A request failed", new IllegalStateException(new SQLTransientConnectionException("no")));
        context.getLogger("dev.onsale.b")
                .warn(
                        "Seat maps come from the database: {}",
                        "org.springframework.data.redis.RedisConnectionFailureException: x");
        assertThat(console.lines)
                .containsExactly(
                        "The database is away: A request failed (IllegalStateException)",
                        "Redis is away: Seat maps come from the database:"
                                + " org.springframework.data.redis.RedisConnectionFailureException: x");
        assertThat(away("database") + away("redis")).isEqualTo(2);
    }

    private double away(String service) {
        return registry.get(OutageWatch.GAUGE).tag("service", service).gauge().value();
    }
}
