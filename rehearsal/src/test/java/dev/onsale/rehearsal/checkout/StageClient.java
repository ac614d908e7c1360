package dev.onsale.rehearsal.checkout;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** The application's client of the {@link Stage}. */
final class StageClient {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int GIVEN = 200;
    private static final int ASKS_MAX = 600;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI stage;

    StageClient(URI stage) {
        this.stage = stage;
    }

    List<Disturbance> plan() {
        return send("/plan", "").body().lines().map(Disturbance::of).toList();
    }

    void struck(String cell, String what) {
        send("/struck", cell + "\t" + what);
    }

    void signal(String name) {
        send("/signal?" + URLEncoder.encode(name, StandardCharsets.UTF_8), "");
    }

    boolean isGiven(String signal) {
        return send("/await?" + URLEncoder.encode(signal, StandardCharsets.UTF_8), "")
                        .statusCode()
                == GIVEN;
    }

    void await(String signal) {
        for (int asked = 0; asked < ASKS_MAX; asked++) {
            if (isGiven(signal)) {
                return;
            }
        }
        throw new IllegalStateException("Signal not given: " + signal);
    }

    private HttpResponse<String> send(String path, String body) {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create(stage + path))
                            .timeout(PATIENCE)
                            .POST(BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException("The stage does not respond", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The application stops", e);
        }
    }
}
