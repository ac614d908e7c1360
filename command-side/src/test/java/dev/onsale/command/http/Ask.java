package dev.onsale.command.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.json.JsonMapper;

/** Requests to a command side that runs in this process. */
public final class Ask {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient client;
    private final String base;

    public Ask(HttpClient client, ConfigurableApplicationContext host) {
        this.client = client;
        WebServer server = Objects.requireNonNull(((ReactiveWebServerApplicationContext) host).getWebServer());
        this.base = "http://127.0.0.1:" + server.getPort();
    }

    /** What an answer says; two of them are equal if they are, byte for byte. */
    public record Said(int status, String location, String contentType, String body) {

        public String code() {
            return JSON.readTree(body).path("code").asString("");
        }

        public String field(String name) {
            return JSON.readTree(body).path(name).asString("");
        }
    }

    public record Answer(Said said, boolean replayed, String retryAfter) {}

    public Answer post(String buyer, String key, String path, @Nullable String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(LIMIT)
                .header("Authorization", "Bearer " + buyer)
                .header("Idempotency-Key", key)
                .POST(body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        return answer(request.build());
    }

    public Answer delete(String buyer, String path) throws IOException, InterruptedException {
        return answer(HttpRequest.newBuilder(URI.create(base + path))
                .timeout(LIMIT)
                .header("Authorization", "Bearer " + buyer)
                .DELETE()
                .build());
    }

    private Answer answer(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        return new Answer(
                new Said(
                        response.statusCode(),
                        response.headers().firstValue("Location").orElse(""),
                        response.headers().firstValue("Content-Type").orElse(""),
                        response.body()),
                response.headers().firstValue("Idempotency-Replayed").isPresent(),
                response.headers().firstValue("Retry-After").orElse(""));
    }
}
