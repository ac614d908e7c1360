package dev.onsale.saga.reservation;

import dev.onsale.api.PaymentId;
import dev.onsale.eventlog.EventJson;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What the gateway's own books say of each payment. */
record GatewayLedger(Map<String, Map<String, Long>> byPayment) {

    static GatewayLedger of(URI gateway) throws Exception {
        Map<String, Map<String, Long>> books = new HashMap<>();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(gateway + "/v1/ledger?limit=1000"))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            JsonNode page = EventJson.mapper()
                    .readTree(http.send(request, BodyHandlers.ofString()).body());
            for (JsonNode entry : page.path("entries")) {
                books.computeIfAbsent(entry.path("reference").asString(), key -> new HashMap<>())
                        .merge(
                                entry.path("kind").asString(),
                                entry.path("amount").path("minorUnits").asLong(),
                                Long::sum);
            }
        }
        return new GatewayLedger(books);
    }

    private long sum(PaymentId payment, String kind) {
        return byPayment.getOrDefault(payment.toString(), Map.of()).getOrDefault(kind, 0L);
    }

    long kept(PaymentId payment) {
        return sum(payment, "CAPTURED") - sum(payment, "REFUNDED");
    }

    /** Reserved and neither taken nor given up. */
    long open(PaymentId payment) {
        return sum(payment, "AUTHORIZED") - sum(payment, "CAPTURED") - sum(payment, "VOIDED");
    }
}
