package dev.onsale.rehearsal.checkout;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.onsale.rehearsal.checkout.Disturbance.Act;
import dev.onsale.rehearsal.checkout.Disturbance.Phase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The part of the test that outlives the killed application: it serves the plan, records the disturbances that
 * occurred, relays signals, and is a proxy between the application and the gateway. Thread-safe.
 */
final class Stage implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int NO_CONTENT = 204;
    private static final int NOT_FOUND = 404;

    private final URI gateway;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final Map<String, CountDownLatch> signals = new ConcurrentHashMap<>();
    private final Map<String, List<String>> strikes = new ConcurrentHashMap<>();
    private final Set<Disturbance> spent = ConcurrentHashMap.newKeySet();
    private volatile List<Disturbance> plan = List.of();

    Stage(URI gateway) throws IOException {
        this.gateway = gateway;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
        server.setExecutor(threads);
        server.createContext("/plan", exchange -> {
            String lines = plan.stream().map(Disturbance::line).collect(Collectors.joining("\n"));
            answer(exchange, 200, "text/plain", lines.getBytes(StandardCharsets.UTF_8));
        });
        server.createContext("/struck", exchange -> {
            String[] told = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8).split("\t", 2);
            struck(told[0], told[1]);
            answer(exchange, NO_CONTENT, "", new byte[0]);
        });
        server.createContext("/signal", exchange -> {
            signal(name(exchange));
            answer(exchange, NO_CONTENT, "", new byte[0]);
        });
        server.createContext("/await", this::await);
        server.createContext("/v1", this::passOn);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    void play(List<Disturbance> next) {
        plan = List.copyOf(next);
    }

    void struck(String cell, String what) {
        strikes.computeIfAbsent(cell, key -> new CopyOnWriteArrayList<>()).add(what);
    }

    List<String> strikes(String cell) {
        return strikes.getOrDefault(cell, List.of());
    }

    void signal(String name) {
        latch(name).countDown();
    }

    private CountDownLatch latch(String name) {
        return signals.computeIfAbsent(name, key -> new CountDownLatch(1));
    }

    private static String name(HttpExchange exchange) {
        return URLDecoder.decode(exchange.getRequestURI().getRawQuery(), StandardCharsets.UTF_8);
    }

    /** Responds with 200 if the signal was given within a second, else with 204. */
    private void await(HttpExchange exchange) throws IOException {
        try {
            boolean given = latch(name(exchange)).await(1, TimeUnit.SECONDS);
            answer(exchange, given ? 200 : NO_CONTENT, "text/plain", new byte[0]);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void passOn(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String place = place(exchange);
        boolean twice = false;
        try {
            for (Disturbance planned : at(place, Phase.ON_THE_WAY)) {
                switch (planned.act()) {
                    case SILENCE -> {
                        struck(planned.cell(), "silent before");
                        return;
                    }
                    case ABSENT -> {
                        answer(
                                exchange,
                                NOT_FOUND,
                                "application/problem+json",
                                "{\"code\":\"AUTHORIZATION_UNKNOWN\"}".getBytes(StandardCharsets.UTF_8));
                        return;
                    }
                    case LAPSE -> besides(exchange, "voids", "{}".getBytes(StandardCharsets.UTF_8));
                    case REFUND -> {
                        besides(exchange, "refunds", body);
                        struck(planned.cell(), "refunded by another");
                    }
                    case TWICE -> {
                        HttpResponse<byte[]> first = send(exchange, body);
                        struck(planned.cell(), "first answered " + first.statusCode());
                        twice = true;
                    }
                    default -> throw new IllegalStateException("Not possible on the way: " + planned);
                }
            }
            HttpResponse<byte[]> answered = send(exchange, body);
            for (Disturbance planned : at(place, Phase.ON_THE_WAY_BACK)) {
                if (planned.act() == Act.SILENCE) {
                    struck(planned.cell(), "silent after");
                    return;
                }
            }
            if (twice) {
                plan.stream()
                        .filter(planned -> planned.place().equals(place) && planned.act() == Act.TWICE)
                        .forEach(planned -> struck(planned.cell(), "sent twice"));
            }
            answer(
                    exchange,
                    answered.statusCode(),
                    answered.headers().firstValue("Content-Type").orElse("application/json"),
                    answered.body());
        } catch (IOException lost) {
            // The gateway closed the connection, so the proxy closes its connection too.
            exchange.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Disturbance> at(String place, Phase phase) {
        return plan.stream()
                .filter(planned -> planned.place().equals(place) && planned.phase() == phase)
                .filter(spent::add)
                .toList();
    }

    /** The call and its payment. */
    private static String place(HttpExchange exchange) {
        if (exchange.getRequestMethod().equals("GET")) {
            String query = String.valueOf(exchange.getRequestURI().getRawQuery());
            return "gateway find " + query.substring(query.indexOf('=') + 1);
        }
        String[] key = String.valueOf(exchange.getRequestHeaders().getFirst("Idempotency-Key"))
                .split(":", 2);
        return "gateway " + (key.length == 1 ? "authorize" : key[1]) + " " + key[0];
    }

    private HttpResponse<byte[]> send(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        return send(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                String.valueOf(exchange.getRequestHeaders().getFirst("Idempotency-Key")),
                body);
    }

    /** Makes another request for the same authorisation, with a key that Onsale does not use. */
    private void besides(HttpExchange exchange, String what, byte[] body) throws IOException, InterruptedException {
        String path = exchange.getRequestURI().getPath();
        String address = path.substring(0, path.lastIndexOf('/') + 1) + what;
        HttpResponse<byte[]> answered =
                send("POST", address, "besides-" + place(exchange).replace(' ', '-'), body);
        if (answered.statusCode() >= 300) {
            throw new IllegalStateException(
                    "The gateway refuses " + address + ": " + new String(answered.body(), StandardCharsets.UTF_8));
        }
    }

    private HttpResponse<byte[]> send(String method, String path, String key, byte[] body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(gateway + path))
                .timeout(PATIENCE)
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        if (method.equals("POST")) {
            request.header("Content-Type", "application/json").header("Idempotency-Key", key);
        }
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static void answer(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        if (!type.isEmpty()) {
            exchange.getResponseHeaders().set("Content-Type", type);
        }
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        http.shutdownNow();
    }
}
