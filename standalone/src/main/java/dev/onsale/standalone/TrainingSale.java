package dev.onsale.standalone;

import dev.onsale.platform.supervision.TaskThreads;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Plays every request of a stampede, with acceptances and refusals, against a server. */
final class TrainingSale implements AutoCloseable {

    private static final int AT_ONCE = 48;
    /** Fewer than the buyers, so that many are refused. */
    private static final int SEATS = 120;

    private static final int SEATS_PER_ROW = 20;
    private static final int FIRST_ROW = 7;

    private static final int POLLS_MAX = 20;
    private static final Duration POLL_PAUSE = Duration.ofMillis(200);
    private static final Duration REQUEST_MAX = Duration.ofSeconds(30);
    private static final Duration SALE_MAX = Duration.ofMinutes(3);

    private final String url;
    private final int buyers;
    private final JsonMapper json = JsonMapper.builder().build();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Semaphore turns = new Semaphore(AT_ONCE, true);
    private final Map<String, Long> answers = new ConcurrentSkipListMap<>();

    TrainingSale(String url, int buyers) {
        this.url = url;
        this.buyers = buyers;
    }

    /** Returns the number of answers by request and status. */
    Map<String, Long> play() throws IOException, InterruptedException {
        String operator = tokens(List.of("operator"), List.of("operator")).getFirst();
        String campaign = send("launch", "POST", "/api/campaigns", operator, DemoSale.campaign(json))
                .path("campaignId")
                .asString();
        String performance = send("schedule", "POST", "/api/performances", operator, performance())
                .path("performanceId")
                .asString();
        send(
                "open room",
                "POST",
                "/api/admin/waiting-rooms/" + performance,
                operator,
                "{\"activeLimit\":10000,\"admitPerSecond\":700,\"activeSeconds\":300}");
        List<String> tokens = tokens(
                IntStream.range(0, buyers).mapToObj(number -> "buyer-" + number).toList(), List.of());
        try (ExecutorService people = TaskThreads.perTask("training-buyer-")) {
            for (int number = 0; number < buyers; number++) {
                int seat = number % SEATS;
                String token = tokens.get(number);
                people.execute(() -> buy(performance, campaign, token, seat));
            }
            people.shutdown();
            if (!people.awaitTermination(SALE_MAX.toSeconds(), TimeUnit.SECONDS)) {
                people.shutdownNow();
            }
        }
        return answers;
    }

    private String performance() throws IOException {
        ObjectNode performance = (ObjectNode) json.readTree(DemoSale.performance(json));
        return performance.put("title", "Training").put("waitingRoom", true).toString();
    }

    private List<String> tokens(List<String> subjects, List<String> roles) throws IOException, InterruptedException {
        String body = json.writeValueAsString(Map.of("subjects", subjects, "roles", roles));
        JsonNode tokens = send("tokens", "POST", "/dev/tokens", null, body).path("tokens");
        return subjects.stream().map(subject -> tokens.path(subject).asString()).toList();
    }

    /** A failed request ends the visit of this buyer only. */
    private void buy(String performance, String campaign, String token, int seat) {
        try {
            String sale = "/api/performances/" + performance;
            send("performance", "GET", sale, null, null);
            send("seat map", "GET", sale + "/seat-map", null, null);
            enter(performance, token);
            JsonNode held = hold(sale, token, "{\"seats\":[\"" + label(seat) + "\"]}");
            if (!held.has("reservationId")) {
                held = hold(sale, token, "{\"quantity\":2,\"category\":\"Kategorie I\"}");
            }
            if (held.has("reservationId")) {
                checkOut("/api/reservations/" + held.path("reservationId").asString(), token, seat);
            }
            send("campaign", "GET", "/api/campaigns/" + campaign, null, null);
            send("coupon", "POST", "/api/campaigns/" + campaign + "/coupons", token, "");
            send("coupon", "POST", "/api/campaigns/" + campaign + "/coupons", token, "");
        } catch (IOException failed) {
            answers.merge("failed", 1L, Long::sum);
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private static String label(int seat) {
        return "C-" + (FIRST_ROW + seat / SEATS_PER_ROW) + "-" + (1 + seat % SEATS_PER_ROW);
    }

    private void enter(String performance, String token) throws IOException, InterruptedException {
        String visitors = "/api/waiting-rooms/" + performance + "/visitors";
        JsonNode place = send("join", "POST", visitors, token, "");
        for (int poll = 0; poll < POLLS_MAX && !place.has("admissionToken"); poll++) {
            LockSupport.parkNanos(POLL_PAUSE.toNanos());
            place = send("poll", "GET", visitors + "/me", token, null);
        }
        String admission = json.writeValueAsString(
                Map.of("admissionToken", place.path("admissionToken").asString("")));
        send("enter", "POST", "/api/sales/" + performance + "/entry", token, admission);
    }

    private JsonNode hold(String sale, String token, String seats) throws IOException, InterruptedException {
        return send("hold", "POST", sale + "/reservations", token, seats);
    }

    private void checkOut(String reservation, String token, int seat) throws IOException, InterruptedException {
        if (seat % 4 == 0) {
            send("cancel", "DELETE", reservation, token, null);
        } else {
            String card = "{\"method\":{\"type\":\"card\",\"token\":\"tok_approved\"}}";
            send("pay", "POST", reservation + "/payments", token, card);
        }
        send("reservation", "GET", reservation, token, null);
    }

    private JsonNode send(String name, String method, String path, @Nullable String token, @Nullable String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(REQUEST_MAX)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .header("Content-Type", "application/json");
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        turns.acquire();
        try {
            HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            answers.merge(name + " " + answer.statusCode(), 1L, Long::sum);
            return answer.body().startsWith("{") ? json.readTree(answer.body()) : json.createObjectNode();
        } finally {
            turns.release();
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
