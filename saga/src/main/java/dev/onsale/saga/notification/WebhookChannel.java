package dev.onsale.saga.notification;

import dev.onsale.eventlog.EventJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** As JSON to an address of the operator's. Repeats carry the same {@code Idempotency-Key}. */
final class WebhookChannel implements Channel {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int OK_BELOW = 300;

    private final URI address;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    WebhookChannel(URI address) {
        this.address = address;
    }

    @Override
    public String name() {
        return "webhook";
    }

    @Override
    public void send(Notice notice) {
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", notice.id())
                .POST(BodyPublishers.ofByteArray(EventJson.mapper().writeValueAsBytes(notice)))
                .build();
        try {
            int status = http.send(request, BodyHandlers.discarding()).statusCode();
            if (status >= OK_BELOW) {
                throw new IllegalStateException("The webhook answered " + status);
            }
        } catch (IOException e) {
            throw new IllegalStateException("The webhook cannot be reached", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The node stops", e);
        }
    }
}
