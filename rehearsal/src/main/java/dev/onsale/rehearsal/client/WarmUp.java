package dev.onsale.rehearsal.client;

import dev.onsale.api.CampaignId;
import dev.onsale.api.Ids;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.SeatLabel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/**
 * Warms up this process before it measures a server: it sends requests to a small server of its own, so that loading and
 * compiling the client is not counted as the measured server's latency.
 */
public final class WarmUp {

    private static final int THREADS = 64;
    private static final Duration DURATION = Duration.ofSeconds(3);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);
    /** As long as a bearer token of an issuer. */
    private static final String TOKEN = "t".repeat(700);

    private static final String PLACE =
            "{\"state\":\"WAITING\",\"position\":4711,\"pollAfterMillis\":1000,\"admissionToken\":null}";
    private static final String REFUSAL = "{\"title\":\"Seat taken\",\"detail\":\"Seat A-1 is taken\",\"status\":409,"
            + "\"code\":\"SEAT_TAKEN\",\"errors\":[{\"place\":\"A-1\",\"problem\":\"taken\"}],\"errorCount\":1}";

    private WarmUp() {}

    public static void run() throws InterruptedException {
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> request.path().contains("visitors")
                        ? response.status(200).sendString(Mono.just(PLACE)).then()
                        : response.status(409).sendString(Mono.just(REFUSAL)).then())
                .bindNow();
        try (OnsaleClient client = new OnsaleClient("http://127.0.0.1:" + server.port(), THREADS, REQUEST_TIMEOUT);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Deadline deadline = Deadline.in(DURATION);
            for (int number = 0; number < THREADS; number++) {
                threads.execute(() -> send(client, deadline));
            }
            threads.shutdown();
            threads.awaitTermination(DURATION.plus(REQUEST_TIMEOUT).toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            server.disposeNow();
        }
    }

    private static void send(OnsaleClient client, Deadline deadline) {
        PerformanceId performance = new PerformanceId(Ids.timeOrdered());
        CampaignId campaign = new CampaignId(Ids.timeOrdered());
        List<SeatLabel> seats = List.of(SeatLabel.of("A-1"));
        try {
            for (int number = 0; !deadline.isOver(); number++) {
                var unusedPlace = client.join(TOKEN, performance);
                var unusedPoll = client.place(TOKEN, performance);
                var unusedHold = client.hold(TOKEN, "hold-" + number, performance, seats);
                var unusedCoupon = client.coupon(TOKEN, "coupon-" + number, campaign);
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }
}
