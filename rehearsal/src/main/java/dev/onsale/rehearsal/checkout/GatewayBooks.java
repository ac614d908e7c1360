package dev.onsale.rehearsal.checkout;

import dev.onsale.eventlog.EventJson;
import dev.onsale.rehearsal.client.NotDoneException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Reads the gateway's ledger and configures its faults. */
final class GatewayBooks implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int PAGE = 1_000;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final URI gateway;

    GatewayBooks(URI gateway) {
        this.gateway = gateway;
    }

    /** The ledger's entries of one payment. */
    record Booked(long authorized, long declined, long captured, long voided, long refunded) {
        static final Booked NOTHING = new Booked(0, 0, 0, 0, 0);

        private Booked plus(String kind, long minor) {
            return switch (kind) {
                case "AUTHORIZED" -> new Booked(authorized + minor, declined, captured, voided, refunded);
                case "DECLINED" -> new Booked(authorized, declined + minor, captured, voided, refunded);
                case "CAPTURED" -> new Booked(authorized, declined, captured + minor, voided, refunded);
                case "VOIDED" -> new Booked(authorized, declined, captured, voided + minor, refunded);
                case "REFUNDED" -> new Booked(authorized, declined, captured, voided, refunded + minor);
                default -> throw new IllegalStateException("The ledger has an entry of kind " + kind);
            };
        }

        /** Amount that is authorised but neither captured nor voided. */
        long open() {
            return authorized - captured - voided;
        }

        long kept() {
            return captured - refunded;
        }
    }

    void misbehave(CheckoutOptions options) throws NotDoneException, InterruptedException {
        String settings = EventJson.mapper()
                .writeValueAsString(Map.of(
                        "successRate",
                        options.successRate,
                        "delayMinMillis",
                        0,
                        "delayMaxMillis",
                        options.delayMax().toMillis(),
                        "bookingDelayMillis",
                        0,
                        "faults",
                        Map.of(
                                "errorBeforeEffectProbability",
                                0.0,
                                "answerLostProbability",
                                options.answersLost,
                                "slowAnswerProbability",
                                0.0,
                                "slowAnswerBytesPerSecond",
                                100)));
        send(HttpRequest.newBuilder(URI.create(gateway + "/v1/settings"))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(settings)));
    }

    Map<String, Booked> byPayment() throws NotDoneException, InterruptedException {
        Map<String, Booked> books = new TreeMap<>();
        long after = 0;
        while (true) {
            JsonNode page =
                    send(HttpRequest.newBuilder(URI.create(gateway + "/v1/ledger?limit=" + PAGE + "&after=" + after))
                            .GET());
            for (JsonNode entry : page.path("entries")) {
                books.merge(
                        entry.path("reference").asString(),
                        Booked.NOTHING.plus(
                                entry.path("kind").asString(),
                                entry.path("amount").path("minorUnits").asLong()),
                        GatewayBooks::sum);
            }
            if (page.path("next").isMissingNode() || page.path("next").isNull()) {
                return books;
            }
            after = page.path("next").asLong();
        }
    }

    private static Booked sum(Booked a, Booked b) {
        return new Booked(
                a.authorized + b.authorized,
                a.declined + b.declined,
                a.captured + b.captured,
                a.voided + b.voided,
                a.refunded + b.refunded);
    }

    private JsonNode send(HttpRequest.Builder request) throws NotDoneException, InterruptedException {
        try {
            HttpResponse<String> answer = http.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new NotDoneException("The gateway responded with " + answer.statusCode() + " " + answer.body());
            }
            return EventJson.mapper().readTree(answer.body());
        } catch (IOException e) {
            throw new NotDoneException("The gateway does not respond: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
