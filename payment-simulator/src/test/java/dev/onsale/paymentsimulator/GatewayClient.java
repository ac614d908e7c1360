package dev.onsale.paymentsimulator;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Speaks to a simulator over real HTTP, as any client would. */
final class GatewayClient implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final URI base;

    GatewayClient(PaymentSimulator simulator) {
        this.base = simulator.baseUri();
    }

    record Reply(int status, String body, HttpResponse<String> raw) {
        JsonNode json() {
            return Json.MAPPER.readTree(body);
        }

        String text(String field) {
            return json().path(field).asString();
        }

        String code() {
            return text("code");
        }

        String header(String name) {
            return raw.headers().firstValue(name).orElse("");
        }
    }

    static String charge(long minorUnits) {
        return charge(minorUnits, null);
    }

    static String charge(long minorUnits, @Nullable String token) {
        var more = token == null ? "" : ", \"paymentToken\": \"" + token + "\"";
        return "{\"amount\": " + amount(minorUnits) + ", \"reference\": \"reservation-1\"" + more + "}";
    }

    static String sum(long minorUnits) {
        return "{\"amount\": " + amount(minorUnits) + "}";
    }

    private static String amount(long minorUnits) {
        return "{\"minorUnits\": " + minorUnits + ", \"currency\": \"EUR\"}";
    }

    Reply authorize(String key, String body) {
        return post("/v1/authorizations", key, body);
    }

    String authorized(String key, long minorUnits) {
        return authorize(key, charge(minorUnits, "tok_approved")).text("id");
    }

    Reply capture(String id, String key, long minorUnits) {
        return post("/v1/authorizations/" + id + "/captures", key, sum(minorUnits));
    }

    Reply refund(String id, String key, long minorUnits) {
        return post("/v1/authorizations/" + id + "/refunds", key, sum(minorUnits));
    }

    Reply voided(String id, String key) {
        return post("/v1/authorizations/" + id + "/voids", key, "{}");
    }

    Reply findByKey(String key) {
        return get("/v1/authorizations?idempotencyKey=" + URLEncoder.encode(key, StandardCharsets.UTF_8));
    }

    Reply get(String path) {
        return send(request(path).GET().build());
    }

    Reply put(String path, String body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body))
                .build());
    }

    Reply post(String path, String key, String body) {
        return send(postRequest(path, key, body));
    }

    /** The connection ends without an answer. */
    IOException postWithoutAnswer(String path, String key, String body) {
        try {
            var answer = http.send(postRequest(path, key, body), BodyHandlers.ofString());
            throw new AssertionError("an answer came: " + answer.statusCode() + " " + answer.body());
        } catch (IOException lost) {
            return lost;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    CompletableFuture<Reply> postAsync(String path, String key, String body) {
        return http.sendAsync(postRequest(path, key, body), BodyHandlers.ofString())
                .thenApply(answer -> new Reply(answer.statusCode(), answer.body(), answer));
    }

    HttpRequest postRequest(String path, String key, String body) {
        return request(path)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path)).timeout(LIMIT);
    }

    Reply send(HttpRequest request) {
        try {
            var answer = http.send(request, BodyHandlers.ofString());
            return new Reply(answer.statusCode(), answer.body(), answer);
        } catch (IOException failed) {
            throw new AssertionError(request + " got no answer", failed);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /** For what no well-behaved client would send. */
    String raw(String request) throws IOException {
        try (var socket = new Socket(base.getHost(), base.getPort())) {
            socket.setSoTimeout((int) LIMIT.toMillis());
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
