package dev.onsale.rehearsal.sale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.rehearsal.running.Onsale;
import dev.onsale.rehearsal.running.Person;
import dev.onsale.rehearsal.running.Sales;
import dev.onsale.rehearsal.running.SharedOnsale;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Buyers while the gateway is down, and responses of the gateway that arrive after the seats are gone. */
@SharedOnsale
class GatewayTroubleTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String ANSWER_LOST = "tok_approved_answer_lost";

    private final Onsale onsale;

    GatewayTroubleTest(Onsale onsale) {
        this.onsale = onsale;
    }

    private JsonNode awaitWaiting(Person who, String reservation, String reason) {
        await("the reservation has the reason for the delay").atMost(LIMIT).untilAsserted(() -> {
            JsonNode next =
                    who.sees("/api/reservations/" + reservation).require(200).path("next");
            assertThat(next.path("action").asString()).isEqualTo("WAIT");
            assertThat(next.path("reason").asString("")).isEqualTo(reason);
        });
        try {
            return who.sees("/api/reservations/" + reservation).require(200);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_gateway_that_is_away_is_told_and_the_payment_goes_on_when_it_is_back() throws Exception {
        String performance = Sales.scheduled(onsale, Sales.performance());
        Person fay = onsale.person("away-fay");
        String reservation = fay.hasHeld(performance, "P-1-1");
        String payment;
        onsale.gatewayGoesAway();
        try {
            payment = fay.pays(reservation, "pay", Person.GOOD_CARD)
                    .require(202)
                    .path("paymentId")
                    .asString();
            JsonNode waiting = awaitWaiting(fay, reservation, "GATEWAY_UNAVAILABLE");
            assertThat(waiting.path("status").asString()).isEqualTo("PAYMENT_PENDING");
            assertThat(waiting.path("next").path("until").asString("")).isNotEmpty();
        } finally {
            onsale.gatewayComesBack();
        }
        fay.awaits(reservation, "CONFIRMED", "CAPTURED");
        assertThat(onsale.bookedAtGateway(payment)).containsExactly("AUTHORIZED 8900", "CAPTURED 8900");
    }

    @Test
    void a_late_payment_gets_free_seats_again_and_else_its_money_and_its_coupon() throws Exception {
        Map<String, Object> soonOver = Sales.performance();
        soonOver.put("holdDuration", "PT5S");
        String performance = Sales.scheduled(onsale, soonOver);
        Person gil = onsale.person("late-gil");
        Person hal = onsale.person("late-hal");
        Person ivy = onsale.person("late-ivy");
        Map<String, Object> campaign = Sales.campaign(1);
        String coupons = Sales.launched(onsale, campaign);
        String coupon = hal.asksForCoupon(coupons, "coupon")
                .require(201)
                .path("couponId")
                .asString();
        String seatFree = gil.hasHeld(performance, "P-1-1");
        String seatTaken = hal.hasHeld(performance, "P-1-2");
        String gils = gil.pays(seatFree, "pay", ANSWER_LOST)
                .require(202)
                .path("paymentId")
                .asString();
        String hals = onsale.post("/api/reservations/" + seatTaken + "/payments")
                .as(hal.token())
                .key("pay")
                .json(Map.of(
                        "method",
                        Map.of("type", "card", "token", ANSWER_LOST),
                        "coupon",
                        Map.of("campaignId", coupons, "couponId", coupon)))
                .send()
                .require(202)
                .path("paymentId")
                .asString();
        await("both are authorised, and neither has a recorded outcome")
                .pollInterval(Duration.ofMillis(10))
                .atMost(LIMIT)
                .until(() -> onsale.bookedAtGateway(gils).size() == 1
                        && onsale.bookedAtGateway(hals).size() == 1);
        onsale.gatewayGoesAway();
        try {
            assertThat(awaitWaiting(gil, seatFree, "OUTCOME_UNKNOWN")
                            .path("status")
                            .asString())
                    .isEqualTo("PAYMENT_PENDING");
            gil.awaits(seatFree, "EXPIRED", "REQUESTED");
            hal.awaits(seatTaken, "EXPIRED", "REQUESTED");
            ivy.holdsOnceFree(performance, "ivy", "P-1-2");
        } finally {
            onsale.gatewayComesBack();
        }

        gil.awaits(seatFree, "CONFIRMED", "CAPTURED");
        assertThat(onsale.bookedAtGateway(gils)).containsExactly("AUTHORIZED 8900", "CAPTURED 8900");
        hal.awaits(seatTaken, "EXPIRED", "VOIDED");
        assertThat(onsale.bookedAtGateway(hals)).containsExactly("AUTHORIZED 7120", "VOIDED 7120");
        await("the coupon is back").atMost(LIMIT).untilAsserted(() -> assertThat(hal.sees("/api/me/coupons")
                        .require(200)
                        .path("items")
                        .path(0)
                        .path("status")
                        .asString())
                .isEqualTo("ISSUED"));
    }

    @Test
    void a_reservation_cancelled_under_its_payment_costs_nothing() throws Exception {
        String performance = Sales.scheduled(onsale, Sales.performance());
        Person jan = onsale.person("cancels-jan");
        String reservation = jan.hasHeld(performance, "P-1-1");
        String payment;
        onsale.gatewayGoesAway();
        try {
            payment = jan.pays(reservation, "pay", Person.GOOD_CARD)
                    .require(202)
                    .path("paymentId")
                    .asString();
            assertThat(jan.cancels(reservation).require(200).path("refundOf").isNull())
                    .isTrue();
            onsale.person("cancels-kim").holdsOnceFree(performance, "kim", "P-1-1");
        } finally {
            onsale.gatewayComesBack();
        }
        await("no authorised amount is left open").atMost(LIMIT).untilAsserted(() -> {
            JsonNode seen = jan.sees("/api/reservations/" + reservation).require(200);
            assertThat(seen.path("status").asString()).isEqualTo("CANCELLED");
            assertThat(seen.path("payment").path("status").asString()).isIn("VOIDED", "DECLINED");
        });
        assertThat(onsale.bookedAtGateway(payment)).noneMatch(entry -> entry.startsWith("CAPTURED"));
    }
}
