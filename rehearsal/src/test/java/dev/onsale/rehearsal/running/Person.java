package dev.onsale.rehearsal.running;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.JsonNode;

/** Somebody with a bearer token, and what people do at a sale. */
public record Person(Onsale onsale, String name, String token) {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** A token that the gateway takes, and one that it does not. */
    public static final String GOOD_CARD = "tok_approved";

    public static final String BAD_CARD = "tok_declined_card";

    public Answer holds(String performance, String key, String... seats) throws Exception {
        return onsale.post("/api/performances/" + performance + "/reservations")
                .as(token)
                .key(key)
                .json(Map.of("seats", List.of(seats)))
                .send();
    }

    /** The best seats there are, without a category of any. */
    public Answer holdsBest(String performance, String key, int quantity) throws Exception {
        return onsale.post("/api/performances/" + performance + "/reservations")
                .as(token)
                .key(key)
                .json(Map.of("quantity", quantity))
                .send();
    }

    /** The identifier of the new reservation. */
    public String hasHeld(String performance, String... seats) throws Exception {
        return holds(performance, name + "-" + String.join("-", seats), seats)
                .require(201)
                .path("reservationId")
                .asString();
    }

    /** Tries again while the seat is taken: the guard hears of a seat that became free a moment after the log does. */
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

    /** Tries again while the guard is away, as it is for a moment after a launch and as the answer says. */
    public Answer asksForCoupon(String campaign, String key) {
        return Objects.requireNonNull(await("an answer that is not about a moment")
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

    /** Waits until the reservation's view has this status and its payment, if one is named, that one. */
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
