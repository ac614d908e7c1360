package dev.onsale.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** Slow clients are cut, patient ones are not, and clients that hang up are no trouble. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConnectionLimitsTest {

    /** Far above the limits of one and two seconds below: a slow machine is no failure, and who is never cut off is one. */
    private static final Duration CUT_WITHIN = Duration.ofSeconds(30);

    private static final String BODY_BEGUN =
            "POST /api/things HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer alice\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{";

    static class Metrics {

        @Bean
        MeterRegistry registry() {
            return new SimpleMeterRegistry();
        }
    }

    private final ConfigurableApplicationContext host = new SpringApplicationBuilder(RulesHost.class, Metrics.class)
            .properties(
                    "server.port=0",
                    "logging.level.root=warn",
                    // As in the product: it warns of each request that is no HTTP.
                    "logging.level.reactor.netty.http.server.HttpServerOperations=error",
                    "onsale.web.rate-limit.enabled=false",
                    "onsale.web.timeouts.headers=PT1S",
                    "onsale.web.timeouts.read=PT1S",
                    "onsale.web.timeouts.body=PT2S",
                    "onsale.web.timeouts.write=PT1S",
                    "onsale.web.timeouts.idle=PT1S")
            .run();
    private final int port = RulesHost.port(host);

    @AfterAll
    void stop() {
        host.close();
    }

    @Test
    void headers_that_come_byte_by_byte_are_cut_off() throws Exception {
        try (RawClient client = new RawClient(port)) {
            assertThat(cutWhileSending(client, "GET /api/performances/one HTTP/1.1\r\n", "X"))
                    .isLessThan(CUT_WITHIN);
        }
    }

    @Test
    void a_body_that_comes_byte_by_byte_is_cut_off_and_one_that_stops_as_well() throws Exception {
        try (RawClient client = new RawClient(port)) {
            assertThat(cutWhileSending(client, BODY_BEGUN, " ")).isLessThan(CUT_WITHIN);
        }
        try (RawClient client = new RawClient(port)) {
            client.send(BODY_BEGUN);
            client.waitAtMost(20_000);
            client.head();
            assertThat(client.isCut()).isTrue();
        }
    }

    @Test
    void a_connection_without_a_request_is_closed() throws Exception {
        try (RawClient client = new RawClient(port)) {
            client.send("GET /api/performances/one HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.waitAtMost(20_000).all()).contains("\"from\"");
        }
    }

    @Test
    void who_does_not_read_the_answer_is_cut_off() throws Exception {
        double before = disconnects();
        try (RawClient client = new RawClient(port)) {
            client.send("GET /api/performances/huge HTTP/1.1\r\nHost: x\r\n\r\n");
            await("the end of the answer").atMost(Duration.ofSeconds(60)).until(() -> disconnects() > before);
        }
    }

    @Test
    void an_answer_that_takes_long_and_a_stream_with_long_pauses_are_not_cut_off() throws Exception {
        try (RawClient slow = new RawClient(port);
                RawClient stream = new RawClient(port)) {
            slow.send("GET /api/performances/slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            stream.send("GET /api/performances/stream HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(slow.all()).startsWith("HTTP/1.1 200").endsWith("{}");
            assertThat(stream.head()).startsWith("HTTP/1.1 200");
            for (int i = 0; i < 60; i++) {
                assertThat(stream.waitAtMost(4_000).isCut()).isFalse();
            }
        }
    }

    @Test
    void clients_that_hang_up_are_counted_and_write_no_line_into_the_log() throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        root.addAppender(lines);
        try {
            for (String request : List.of(
                    "GET /api/perf",
                    BODY_BEGUN,
                    "GET /api/performances/slow HTTP/1.1\r\nHost: x\r\n\r\n",
                    "GET /api/performances/huge HTTP/1.1\r\nHost: x\r\n\r\n",
                    "GET /api/performances/stream HTTP/1.1\r\nHost: x\r\n\r\n",
                    "POST /api/performances HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer operator\r\nContent-Type: application/json\r\nContent-Length: 300000\r\n\r\n{")) {
                double before = disconnects();
                for (int i = 0; i < 5; i++) {
                    try (RawClient client = new RawClient(port)) {
                        client.send(request);
                        if (request.contains("huge") || request.contains("stream")) {
                            client.head();
                        } else {
                            Thread.onSpinWait();
                        }
                        client.hangUp();
                    }
                }
                if (request.contains("HTTP/1.1")) {
                    await("the count of " + request)
                            .atMost(Duration.ofSeconds(60))
                            .untilAsserted(
                                    () -> assertThat(disconnects() - before).isGreaterThanOrEqualTo(1));
                }
            }
            assertThat(lines.list.stream().filter(line -> line.getLevel().isGreaterOrEqual(Level.INFO)))
                    .as("lines of the log")
                    .isEmpty();
        } finally {
            root.detachAppender(lines);
        }
    }

    static List<String> whatIsNoHttp() {
        return List.of(
                "garbage\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n",
                "GET\r\n\r\n",
                "GET /api/performances/one HTTP/9.x\r\n\r\n",
                "GET /" + "x".repeat(9_000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nX-Large: " + "x".repeat(20_000) + "\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nNo colon\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nBad\u0001Name: x\r\n\r\n",
                "POST /api/things HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n{}",
                "POST /api/things HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "POST /api/things HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer alice\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\nzz\r\n",
                "GET /api/performances/one HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n");
    }

    @ParameterizedTest
    @MethodSource("whatIsNoHttp")
    void a_request_that_is_no_http_is_refused_and_counted_and_writes_no_line_into_the_log(String request)
            throws Exception {
        double before = count("onsale.web.requests.malformed");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(lines);
        try (RawClient client = new RawClient(port)) {
            client.send(request);
            assertThat(client.waitAtMost(20_000).all()).startsWith("HTTP/1.1 4");
            await("the count")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> count("onsale.web.requests.malformed") > before);
            assertThat(lines.list.stream().filter(line -> line.getLevel().isGreaterOrEqual(Level.INFO)))
                    .as("lines of the log")
                    .isEmpty();
        } finally {
            root.detachAppender(lines);
        }
    }

    private double disconnects() {
        return count("onsale.web.client.disconnects");
    }

    private double count(String counter) {
        return host.getBean(MeterRegistry.class).find(counter).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private static Duration cutWhileSending(RawClient client, String first, String next) throws Exception {
        long begun = System.nanoTime();
        client.send(first).waitAtMost(200);
        while (!client.isCut()) {
            if (System.nanoTime() - begun > CUT_WITHIN.toNanos()) {
                break;
            }
            try {
                client.send(next);
            } catch (java.io.IOException cut) {
                break;
            }
        }
        return Duration.ofNanos(System.nanoTime() - begun);
    }
}
