package dev.onsale.proof.sealing;

import dev.onsale.eventlog.EventJson;
import dev.onsale.platform.supervision.Supervised;
import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.proof.export.ExportLine;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Posts the newest signed seal to a configured address, in a thread of its own: whatever the receiver does, the sealer goes
 * on. Nothing is queued. After a failure the then newest seal is sent, with a growing pause.
 */
final class HeadWebhook implements SmartLifecycle, Supervised {

    private static final Duration SILENT_MAX = Duration.ofMinutes(15);
    private static final Duration BACKOFF_MAX = Duration.ofMinutes(5);
    private static final long STOP_SECONDS_MAX = 5;

    private final Supplier<SealController.Head> heads;
    private final WebhookSettings settings;
    private final HttpClient http;
    private final Counter sent;
    private final Counter failures;
    private final SupervisedWork work = new SupervisedWork("seal-webhook", SILENT_MAX).optional();
    private long delivered;
    private @Nullable Running running;

    private record Running(Thread thread, CountDownLatch stop) {}

    /** The receiver did not take the seal. */
    private static final class NotTakenException extends RuntimeException {
        NotTakenException(String message) {
            super(message);
        }
    }

    HeadWebhook(Supplier<SealController.Head> heads, WebhookSettings settings, MeterRegistry registry) {
        this.heads = heads;
        this.settings = settings;
        this.http = HttpClient.newBuilder().connectTimeout(settings.timeout()).build();
        this.sent = Counter.builder("onsale.seals.webhook.sent")
                .description("Seals that the receiver of the webhook took")
                .register(registry);
        this.failures = Counter.builder("onsale.seals.webhook.failures")
                .description("Attempts to send a seal to the webhook that failed")
                .register(registry);
    }

    private void follow(URI url, CountDownLatch stop) throws InterruptedException {
        Duration pause = Duration.ZERO;
        Duration backoff = settings.every();
        while (!stop.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
            if (work.attempt(() -> send(url))) {
                pause = settings.every();
                backoff = settings.every();
            } else {
                failures.increment();
                pause = backoff;
                backoff = backoff.multipliedBy(2).compareTo(BACKOFF_MAX) > 0 ? BACKOFF_MAX : backoff.multipliedBy(2);
            }
        }
    }

    private void send(URI url) {
        SealController.Head head = heads.get();
        ExportLine.Sealed seal = head.seal();
        if (seal == null || seal.number() == delivered) {
            return;
        }
        post(url, EventJson.mapper().writeValueAsString(head));
        delivered = seal.number();
        sent.increment();
    }

    private void post(URI url, String body) {
        CompletableFuture<HttpResponse<Void>> answer = http.sendAsync(
                HttpRequest.newBuilder(url)
                        .timeout(settings.timeout())
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.discarding());
        try {
            int status = answer.get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS)
                    .statusCode();
            if (status < 200 || status >= 300) {
                throw new NotTakenException("The receiver answered " + status);
            }
        } catch (ExecutionException failed) {
            throw new NotTakenException("The receiver cannot be reached: " + failed.getCause());
        } catch (TimeoutException slow) {
            throw new NotTakenException("The receiver did not answer within " + settings.timeout());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new NotTakenException("The node stops");
        } finally {
            answer.cancel(true);
        }
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return settings.url() == null ? List.of() : List.of(work);
    }

    @Override
    public synchronized void start() {
        URI url = settings.url();
        if (running == null && url != null) {
            CountDownLatch stop = new CountDownLatch(1);
            Thread thread = work.thread(work.restarting(() -> stop.getCount() == 0, () -> follow(url, stop)));
            thread.start();
            running = new Running(thread, stop);
        }
    }

    @Override
    public synchronized void stop() {
        if (running == null) {
            return;
        }
        running.stop().countDown();
        running.thread().interrupt();
        try {
            running.thread().join(Duration.ofSeconds(STOP_SECONDS_MAX));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running = null;
        work.stopped();
    }

    @Override
    public synchronized boolean isRunning() {
        return running != null;
    }
}
