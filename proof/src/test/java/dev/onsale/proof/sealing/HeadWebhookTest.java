package dev.onsale.proof.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.onsale.proof.export.ExportLine;
import dev.onsale.proof.seal.Digest;
import dev.onsale.proof.seal.Seal;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The webhook of the seals against a real receiver, which fails, hangs and goes away. */
class HeadWebhookTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final AtomicLong newest = new AtomicLong(1);
    private final List<Long> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger status = new AtomicInteger(204);
    private final CountDownLatch hanging = new CountDownLatch(1);
    private volatile boolean hangs;
    private HttpServer receiver = receiver(0);
    private final HeadWebhook webhook = new HeadWebhook(
            this::head,
            new WebhookSettings(
                    URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/seals"),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1)),
            metrics);

    private HttpServer receiver(int port) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            server.createContext("/seals", exchange -> {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                if (hangs) {
                    awaitEnd();
                }
                if (status.get() < 300) {
                    received.add(JsonMapper.shared()
                            .readTree(body)
                            .path("seal")
                            .path("number")
                            .asLong());
                }
                exchange.sendResponseHeaders(status.get(), -1);
                exchange.close();
            });
            // A request that hangs must not stop the next one.
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.start();
            return server;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitEnd() throws IOException {
        try {
            hanging.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private SealController.Head head() {
        Seal seal = new Seal(
                newest.get(), Digest.ZERO, 1, 1, 1, 0, Digest.ZERO, Digest.ZERO, Digest.ZERO, "2026-12-01T00:00:00Z");
        return new SealController.Head(ExportLine.Sealed.of(seal, seal.digest(), "key", "signature"), List.of("{}"));
    }

    @AfterEach
    void stop() {
        hanging.countDown();
        webhook.stop();
        receiver.stop(0);
    }

    private double count(String name) {
        return metrics.get("onsale.seals.webhook." + name).counter().count();
    }

    @Test
    void the_counters_are_there_before_anything_happens() {
        assertThat(count("sent")).isZero();
        assertThat(count("failures")).isZero();
    }

    @Test
    void a_new_seal_is_sent_once() {
        webhook.start();
        await().atMost(PATIENCE).until(() -> received.equals(List.of(1L)));
        newest.set(7);
        await().atMost(PATIENCE).until(() -> received.equals(List.of(1L, 7L)));
        await().during(Duration.ofSeconds(2)).atMost(PATIENCE).until(() -> received.size() == 2);
        assertThat(count("sent")).isEqualTo(2);
        assertThat(count("failures")).isZero();
    }

    @Test
    void after_an_outage_only_the_newest_seal_is_sent() throws Exception {
        int port = receiver.getAddress().getPort();
        receiver.stop(0);
        webhook.start();
        await().atMost(PATIENCE).until(() -> count("failures") >= 1);
        newest.set(2);
        await().atMost(PATIENCE).until(() -> count("failures") >= 2);
        newest.set(3);
        receiver = receiver(port);
        await().atMost(PATIENCE).until(() -> received.equals(List.of(3L)));
        await("counted after the answer").atMost(PATIENCE).until(() -> count("sent") == 1);
    }

    @Test
    void a_receiver_that_refuses_or_hangs_is_tried_again() {
        status.set(500);
        webhook.start();
        await().atMost(PATIENCE).until(() -> count("failures") >= 1);
        hangs = true;
        double before = count("failures");
        await().atMost(PATIENCE).until(() -> count("failures") > before);
        status.set(200);
        hangs = false;
        await().atMost(PATIENCE).until(() -> received.equals(List.of(1L)));
        long began = System.nanoTime();
        webhook.stop();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void without_an_address_nothing_runs() {
        HeadWebhook none = new HeadWebhook(
                this::head, new WebhookSettings(null, Duration.ofSeconds(1), Duration.ofSeconds(1)), metrics);
        none.start();
        assertThat(none.isRunning()).isFalse();
        assertThat(none.supervisedWork()).isEmpty();
    }

    @Test
    void another_kind_of_address_is_refused_at_the_start() {
        for (String url : List.of("ftp://host/x", "file:///etc/passwd", "/seals", "http:seals")) {
            assertThatThrownBy(() -> new WebhookSettings(URI.create(url), Duration.ofSeconds(1), Duration.ofSeconds(1)))
                    .as(url)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
