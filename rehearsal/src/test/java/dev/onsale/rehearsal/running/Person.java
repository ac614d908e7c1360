package dev.onsale.rehearsal.running;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.JsonNode;

/** A person with a bearer token and the requests of buyers. */
public record Person(Onsale onsale, String name, String token) {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** A card token that the gateway accepts. */
    public static final String GOOD_CARD = "tok_approved";

    public static final String BAD_CARD = "tok_declined_card";

    public Answer holds(String performance, String key, String... seats) throws Exception {
        return onsale.post("/api/performances/" + performance + "/reservations")
                .as(token)
                .key(key)
                .json(Map.of("seats", List.of(seats)))
                .send();
    }

    /** Holds the best seats of any category. */
    public Answer holdsBest(String performance, String key, int quantity) throws Exception {
        return onsale.post("/api/performances/" + performance + "/reservations")
                .as(token)
                .key(key)
                .json(Map.of("quantity", quantity))
                .send();
    }

    /** Holds seats and returns the id of the new reservation. */
    public String hasHeld(String performance, String... seats) throws Exception {
        return holds(performance, name + "-" + String.join("-", seats), seats)
                .require(201)
                .path("reservationId")
                .asString();
    }

    /** Retries while the seat is taken: the guard is updated shortly after the log. */
    public JsonNode holdsOnceFree(String performance, String key, String seat) {
        return Objects.requireNonNull(await("seat " + seat + " free again")
                        .atMost(LIMIT)
                        .until(() -> holds(performance, key, seat), answer -> !answer.code()
                                .equals("SEAT_TAKEN")))
                .require(201);
    }

    public Answer pays(String reservation, String key, String card) throws Exception {
        return onsale.post("/api/reservations/" + reservation + "/payments")
                .as(token)
                .key(key)
                .json(Map.of("method", Map.of("type", "card", "token", card)))
                .send();
    }

    public Answer cancels(String reservation) throws Exception {
        return onsale.delete("/api/reservations/" + reservation).as(token).send();
    }

    /** Retries while the guard is not available, which is the case shortly after a launch. */
    public Answer asksForCoupon(String campaign, String key) {
        return Objects.requireNonNull(await("a response other than a temporary refusal")
                .atMost(LIMIT)
                .until(
                        () -> onsale.post("/api/campaigns/" + campaign + "/coupons")
                                .as(token)
                                .key(key)
                                .send(),
                        answer -> answer.status() != 503));
    }

    public Answer sees(String path) throws Exception {
        return onsale.get(path).as(token).send();
    }

    /** Waits until the reservation and, if given, its payment have the status. */
    public JsonNode awaits(String reservation, String status, String paymentStatus) {
        AtomicReference<JsonNode> seen = new AtomicReference<>(Request.JSON.missingNode());
        await("reservation " + reservation + " " + status + ", payment " + paymentStatus)
                .atMost(LIMIT)
                .untilAsserted(() -> {
                    Answer answer = sees("/api/reservations/" + reservation);
                    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
                    seen.set(answer.json());
                    assertThat(answer.json().path("status").asString()).isEqualTo(status);
                    assertThat(answer.json().path("payment").path("status").asString(""))
                            .as(answer.body())
                            .isEqualTo(paymentStatus);
                });
        return Objects.requireNonNull(seen.get());
    }
}
