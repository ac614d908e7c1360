package dev.onsale.rehearsal.sale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.rehearsal.running.Answer;
import dev.onsale.rehearsal.running.Onsale;
import dev.onsale.rehearsal.running.Person;
import dev.onsale.rehearsal.running.Sales;
import dev.onsale.rehearsal.running.SharedOnsale;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Payments with points, with a card and with a coupon: amounts due, amounts taken and refunds. */
@SharedOnsale
class CheckoutTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Map<String, Object> POINTS = Map.of("type", "points");
    private static final Map<String, Object> CARD = Map.of("type", "card", "token", Person.GOOD_CARD);
    private static final Map<String, Object> BAD_CARD = Map.of("type", "card", "token", Person.BAD_CARD);

    private final Onsale onsale;
    private String performance = "";

    CheckoutTest(Onsale onsale) {
        this.onsale = onsale;
    }

    @BeforeEach
    void put_on_sale() throws Exception {
        performance = Sales.scheduled(onsale, Sales.performance());
    }

    @Test
    void a_call_that_the_gateway_did_not_sign_is_refused_without_a_bearer_token_being_asked_for() throws Exception {
        onsale.post("/api/payment-webhooks")
                .json(Map.of("reference", performance))
                .send()
                .requireProblem(400, "WEBHOOK_REFUSED");
    }

    private Answer charges(Person who, String key, long minorUnits) throws Exception {
        return onsale.post("/api/wallet/charges")
                .as(onsale.operator())
                .key(who.name() + "-" + key)
                .json(Map.of("buyerId", who.name(), "amount", Sales.euro(minorUnits)))
                .send();
    }

    private Answer pays(
            Person who, String reservation, String key, Object method, @Nullable Object coupon, @Nullable Object amount)
            throws Exception {
        Map<String, Object> request = new HashMap<>(Map.of("method", method));
        if (coupon != null) {
            request.put("coupon", coupon);
        }
        if (amount != null) {
            request.put("amount", amount);
        }
        return onsale.post("/api/reservations/" + reservation + "/payments")
                .as(who.token())
                .key(key)
                .json(request)
                .send();
    }

    private Map<String, Object> coupon(Person who, Map<String, Object> discount) throws Exception {
        Map<String, Object> request = Sales.campaign(5);
        request.put("discount", discount);
        String campaign = Sales.launched(onsale, request);
        JsonNode issued = who.asksForCoupon(campaign, "coupon").require(201);
        return Map.of(
                "campaignId", campaign, "couponId", issued.path("couponId").asString());
    }

    private void awaitBalance(Person who, long minorUnits) {
        await("the balance of " + who.name()).atMost(LIMIT).untilAsserted(() -> {
            JsonNode balances = who.sees("/api/wallet").require(200).path("balances");
            assertThat(balances.path(0).path("minorUnits").asLong()).isEqualTo(minorUnits);
        });
    }

    private void awaitCoupon(Person who, String status) {
        await("the coupon of " + who.name()).atMost(LIMIT).untilAsserted(() -> assertThat(who.sees("/api/me/coupons")
                        .require(200)
                        .path("items")
                        .path(0)
                        .path("status")
                        .asString())
                .isEqualTo(status));
    }

    @Test
    void points_pay_and_come_back_and_the_statement_tells() throws Exception {
        Person alice = onsale.person("points-alice");
        JsonNode charged = charges(alice, "c", 10_000).require(201);
        assertThat(charges(alice, "c", 10_000).require(201)).as("a repeat").isEqualTo(charged);
        charges(alice, "c", 1).requireProblem(422, "IDEMPOTENCY_KEY_REUSED");
        onsale.post("/api/wallet/charges")
                .as(alice.token())
                .key("own")
                .json(Map.of("amount", Sales.euro(1)))
                .send()
                .requireProblem(403, "FORBIDDEN");

        String reservation = alice.hasHeld(performance, "P-1-1");
        pays(alice, reservation, "p-1", POINTS, null, Sales.euro(1)).requireProblem(409, "AMOUNT_MISMATCH");
        pays(alice, reservation, "p-1", POINTS, null, Map.of("minorUnits", 8_900, "currency", "USD"))
                .requireProblem(409, "AMOUNT_MISMATCH");
        String payment = pays(alice, reservation, "p-1", POINTS, null, Sales.euro(8_900))
                .require(202)
                .path("paymentId")
                .asString();
        JsonNode owned = alice.awaits(reservation, "CONFIRMED", "CAPTURED");
        assertThat(owned.path("next").path("action").asString()).isEqualTo("CANCEL");
        assertThat(onsale.bookedAtGateway(payment))
                .as("points are not sent to the gateway")
                .isEmpty();
        awaitBalance(alice, 1_100);

        String second = alice.hasHeld(performance, "P-1-2");
        pays(alice, second, "p-2", POINTS, null, null).require(202);
        JsonNode declined = alice.awaits(second, "HELD", "DECLINED");
        assertThat(declined.path("next").path("action").asString()).isEqualTo("PAY_AGAIN");
        assertThat(declined.path("next").path("reason").asString()).isEqualTo("INSUFFICIENT_POINTS");
        assertThat(declined.path("next").path("until")).isEqualTo(declined.path("heldUntil"));

        alice.cancels(reservation).require(200);
        alice.awaits(reservation, "CANCELLED", "REFUNDED");
        awaitBalance(alice, 10_000);
        assertThat(alice.sees("/api/wallet")
                        .require(200)
                        .path("statement")
                        .path("items")
                        .valueStream()
                        .map(line -> line.path("kind").asString()))
                .containsExactly("REFUNDED", "DEBITED", "CHARGED");
    }

    @Test
    void points_for_two_pay_two_of_four_reservations_whatever_comes_first() throws Exception {
        Person dora = onsale.person("points-dora");
        charges(dora, "c", 2 * 4_900 + 100).require(201);
        List<String> reservations = new ArrayList<>();
        for (int seat = 1; seat <= 4; seat++) {
            reservations.add(dora.hasHeld(performance, "P-5-" + seat));
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> asked = new ArrayList<>();
            for (String reservation : reservations) {
                asked.add(threads.submit(() -> pays(dora, reservation, "pay-" + reservation, POINTS, null, null)));
            }
            for (Future<Answer> answer : asked) {
                answer.get(30, TimeUnit.SECONDS).require(202);
            }
        }
        await("two booked, two declined").atMost(LIMIT).untilAsserted(() -> {
            List<String> ends = new ArrayList<>();
            for (String reservation : reservations) {
                JsonNode seen = dora.sees("/api/reservations/" + reservation).require(200);
                ends.add(seen.path("status").asString() + " "
                        + seen.path("payment").path("status").asString());
            }
            assertThat(ends)
                    .containsExactlyInAnyOrder(
                            "CONFIRMED CAPTURED", "CONFIRMED CAPTURED", "HELD DECLINED", "HELD DECLINED");
        });
        awaitBalance(dora, 100);
    }

    @Test
    void a_coupon_reduces_a_card_payment_once_and_comes_back_with_the_money() throws Exception {
        Person bob = onsale.person("coupon-bob");
        Person mallory = onsale.person("coupon-mallory");
        Map<String, Object> coupon = coupon(bob, Map.of("percentOff", 33));
        String reservation = bob.hasHeld(performance, "P-3-1");
        String hers = mallory.hasHeld(performance, "P-3-3");
        pays(mallory, hers, "theft", CARD, coupon, null).requireProblem(404, "COUPON_NOT_FOUND");
        pays(mallory, reservation, "foreign", CARD, null, null).requireProblem(404, "RESERVATION_NOT_FOUND");

        pays(bob, reservation, "declined", BAD_CARD, coupon, null).require(202);
        bob.awaits(reservation, "HELD", "DECLINED");
        awaitCoupon(bob, "ISSUED");

        // 33 % of 49.00 is exactly 16.17.
        JsonNode accepted =
                pays(bob, reservation, "good", CARD, coupon, Sales.euro(3_283)).require(202);
        JsonNode booked = bob.awaits(reservation, "CONFIRMED", "CAPTURED");
        assertThat(booked.path("discount").path("minorUnits").asLong()).isEqualTo(1_617);
        assertThat(booked.path("payment").path("amount").path("minorUnits").asLong())
                .isEqualTo(3_283);
        assertThat(onsale.bookedAtGateway(accepted.path("paymentId").asString()))
                .containsExactly("AUTHORIZED 3283", "CAPTURED 3283");
        assertThat(pays(bob, reservation, "good", CARD, coupon, Sales.euro(3_283))
                        .require(202))
                .as("a repeat gets the first response, although its coupon is used")
                .isEqualTo(accepted);
        awaitCoupon(bob, "REDEEMED");
        pays(bob, reservation, "twice", CARD, null, null).requireProblem(409, "ALREADY_CONFIRMED");
        String again = bob.hasHeld(performance, "P-3-2");
        pays(bob, again, "again", CARD, coupon, null).requireProblem(409, "COUPON_REDEEMED");

        bob.cancels(reservation).require(200);
        bob.awaits(reservation, "CANCELLED", "REFUNDED");
        awaitCoupon(bob, "ISSUED");
        pays(bob, again, "again", CARD, coupon, null).require(202);
        bob.awaits(again, "CONFIRMED", "CAPTURED");
    }

    @Test
    void a_coupon_for_everything_needs_no_gateway_and_one_with_a_minimum_waits_for_it() throws Exception {
        Person carol = onsale.person("free-carol");
        Map<String, Object> free = coupon(carol, Map.of("percentOff", 100));
        Map<String, Object> fixed =
                coupon(carol, Map.of("amountOff", Sales.euro(1_000), "minimumSpend", Sales.euro(9_000)));
        String cheap = carol.hasHeld(performance, "P-4-1");
        pays(carol, cheap, "min", CARD, fixed, null).requireProblem(409, "COUPON_NOT_APPLICABLE");

        String payment = pays(carol, cheap, "free", CARD, free, Sales.euro(0))
                .require(202)
                .path("paymentId")
                .asString();
        carol.awaits(cheap, "CONFIRMED", "CAPTURED");
        assertThat(onsale.bookedAtGateway(payment)).isEmpty();

        String two = carol.hasHeld(performance, "P-4-2", "P-4-3");
        pays(carol, two, "unknown", CARD, Map.of("campaignId", free.get("campaignId"), "couponId", performance), null)
                .requireProblem(404, "COUPON_NOT_FOUND");
        pays(carol, two, "fixed", CARD, fixed, Sales.euro(8_800)).require(202);
        carol.awaits(two, "CONFIRMED", "CAPTURED");
        assertThat(List.of(onsale.log().ofSale(performance).stream()
                        .filter(event -> event.type().equals("onsale.payment-discounted"))
                        .count()))
                .containsExactly(2L);
    }

    @Test
    void a_lost_answer_of_the_gateway_is_shown_to_the_buyer_until_it_is_known_and_the_card_is_charged_once()
            throws Exception {
        Person erin = onsale.person("lost-erin");
        String reservation = erin.hasHeld(performance, "P-2-1");
        JsonNode accepted = pays(
                        erin,
                        reservation,
                        "lost",
                        Map.of("type", "card", "token", "tok_approved_answer_lost"),
                        null,
                        null)
                .require(202);
        erin.awaits(reservation, "CONFIRMED", "CAPTURED");

        // The state while the outcome was open is no longer readable; the log has its event.
        long told = onsale.log().ofSale(performance).stream()
                .filter(event -> event.type().equals("onsale.payment-delayed"))
                .findFirst()
                .orElseThrow()
                .position();
        JsonNode then = onsale.get("/api/audit/reservations/" + reservation + "?position=" + told)
                .as(onsale.operator())
                .send()
                .require(200);
        assertThat(then.path("status").asString()).isEqualTo("PAYMENT_PENDING");
        assertThat(then.path("next").path("action").asString()).isEqualTo("WAIT");
        assertThat(then.path("next").path("reason").asString()).isEqualTo("OUTCOME_UNKNOWN");
        assertThat(then.path("next").path("until").asString()).isNotEmpty();
        assertThat(onsale.bookedAtGateway(accepted.path("paymentId").asString()))
                .hasSize(2)
                .satisfiesExactly(entry -> assertThat(entry).startsWith("AUTHORIZED "), entry -> assertThat(entry)
                        .startsWith("CAPTURED "));
    }
}
