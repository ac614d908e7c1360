package dev.onsale.paymentsimulator;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends a webhook for each booking, with a limited number of retries. */
final class WebhookSender implements AutoCloseable {

    static final String SIGNATURE = "Onsale-Gateway-Signature";

    private static final Logger LOG = LoggerFactory.getLogger(WebhookSender.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int TRIES_MAX = 5;
    private static final int WAITING_MAX = 100_000;
    private static final int OK_FROM = 200;
    private static final int OK_TO = 299;

    private final Webhooks settings;
    private final Chance chance;
    private final Clock clock;
    private final AtomicInteger waiting = new AtomicInteger();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("payment-simulator-webhooks").factory());

    WebhookSender(Webhooks settings, Chance chance, Clock clock) {
        this.settings = settings;
        this.chance = chance;
        this.clock = clock;
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    void publish(LedgerEntry entry) {
        var key = entry.idempotencyKey() + "/" + entry.kind();
        var id = "evt_" + entry.sequence();
        var body = Json.write(new Event(
                id,
                "payment." + entry.kind().name().toLowerCase(java.util.Locale.ROOT),
                entry.time().toString(),
                entry.authorizationId(),
                entry.reference(),
                entry.amount()));
        var delay =
                chance.strikes("webhook-late", key, 0, settings.lateProbability()) ? settings.lateBy() : Duration.ZERO;
        send(body, 1, delay);
        if (chance.strikes("webhook-twice", key, 0, settings.duplicateProbability())) {
            send(body, 1, delay);
        }
    }

    private void send(String body, int attempt, Duration delay) {
        if (waiting.incrementAndGet() > WAITING_MAX) {
            waiting.decrementAndGet();
            LOG.warn("Too many pending webhooks; dropped one");
            return;
        }
        try {
            var unused = timer.schedule(() -> post(body, attempt), delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closing) {
            LOG.debug("Dropped a webhook, because the simulator is stopping", closing);
        }
    }

    private void post(String body, int attempt) {
        long now = clock.instant().getEpochSecond();
        var request = HttpRequest.newBuilder(settings.url())
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .header(SIGNATURE, "t=" + now + ",v1=" + signature(settings.secret(), now, body))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        var unused = http.sendAsync(request, BodyHandlers.discarding()).whenComplete((response, failure) -> {
            waiting.decrementAndGet();
            boolean taken = failure == null && response.statusCode() >= OK_FROM && response.statusCode() <= OK_TO;
            if (!taken && attempt < TRIES_MAX) {
                send(body, attempt + 1, PAUSE.multipliedBy(attempt));
            } else if (!taken) {
                LOG.warn(
                        "A webhook was not accepted: {}", failure == null ? response.statusCode() : failure.toString());
            }
        });
    }

    static String signature(String secret, long seconds, String body) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal((seconds + "." + body).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA256 is part of every Java platform", e);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        http.shutdownNow();
    }

    private record Event(
            String id, String type, String time, String authorizationId, String reference, Amount amount) {}
}
