package dev.onsale.query;

import static dev.onsale.query.ASale.ALICE;
import static dev.onsale.query.ASale.BOB;
import static dev.onsale.query.ASale.NOON;
import static dev.onsale.query.ASale.PRICE;
import static dev.onsale.query.ASale.aPerformance;
import static dev.onsale.query.ASale.held;
import static dev.onsale.query.ASale.issued;
import static dev.onsale.query.ASale.launched;
import static dev.onsale.query.ASale.paymentRequested;
import static dev.onsale.query.ASale.scheduled;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.ChargeId;
import dev.onsale.api.CouponId;
import dev.onsale.api.EventCatalogue;
import dev.onsale.api.Money;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.Topics;
import dev.onsale.api.coupon.CouponRedeemed;
import dev.onsale.api.coupon.CouponRestored;
import dev.onsale.api.payment.PaymentAuthorized;
import dev.onsale.api.payment.PaymentInitiated;
import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.api.reservation.PaymentFailed;
import dev.onsale.api.wallet.PointsCharged;
import dev.onsale.api.wallet.WalletEvent;
import dev.onsale.eventlog.EventJson;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;

/** Facts are in the log and Kafka has not told them: what is one's own is answered as it is. */
class OwnReadsWhileBehindTest extends QuerySideTest {

    private final PerformanceId performance = aPerformance();
    private final ReservationId reservation = ReservationId.next();
    private final PaymentId payment = PaymentId.next();
    private final Map<String, Long> sequences = new HashMap<>();

    @AfterEach
    void leaveNoLog() {
        jdbc.sql("DELETE FROM domain_event").update();
    }

    @Test
    void a_reservation_that_the_read_models_do_not_have_is_answered_from_the_log() {
        store("Reservation", held(performance, reservation, ALICE, 1, 2));
        is(reservation(ALICE, reservation), "HELD", null);
        is(reservation(BuyerId.of(QuerySideApplication.OPERATOR), reservation), "HELD", null);
        reservation(BOB, reservation).expectStatus().isNotFound();
    }

    @Test
    void a_reservation_that_the_read_models_have_is_brought_up_to_the_log() {
        tellAndStore("Reservation", held(performance, reservation, ALICE, 1));
        awaitConsumed();
        store("Reservation", paymentRequested(performance, reservation, payment));
        is(reservation(ALICE, reservation), "PAYMENT_PENDING", "REQUESTED");
        store("Payment", initiated(payment));
        store("Payment", new PaymentAuthorized(payment, reservation, performance, "ref", NOON));
        is(reservation(ALICE, reservation), "PAYMENT_PENDING", "AUTHORIZED");
        store("Reservation", new PaymentFailed(reservation, performance, ALICE, payment, "insufficient_funds", NOON));
        PaymentId second = PaymentId.next();
        store("Reservation", paymentRequested(performance, reservation, second));
        store("Payment", initiated(second));
        is(reservation(ALICE, reservation), "PAYMENT_PENDING", "REQUESTED");
        as(ALICE)
                .get()
                .uri("/api/me/reservations?limit=1")
                .exchange()
                .expectBody()
                .jsonPath("$.items[0].reservationId")
                .isEqualTo(reservation.toString())
                .jsonPath("$.items[0].payment.paymentId")
                .isEqualTo(second.toString());
    }

    @Test
    void a_read_of_ones_own_reservation_does_not_wait_for_the_read_models() {
        store("Reservation", held(performance, reservation, ALICE, 1));
        as(ALICE)
                .get()
                .uri("/api/reservations/{id}", reservation)
                .header("Onsale-Read-After", performance + "/999999999999")
                .exchange()
                .expectStatus()
                .isOk();
    }

    @Test
    void a_list_has_the_reservations_that_the_read_models_do_not_have_page_by_page() {
        BuyerId buyer = BuyerId.of("carla-" + UUID.randomUUID());
        List<ReservationId> mine = List.of(ReservationId.next(), ReservationId.next(), ReservationId.next());
        storeAndTell("Reservation", held(performance, mine.get(0), buyer, 1));
        awaitConsumed();
        store("Reservation", held(performance, mine.get(1), buyer, 2));
        store("Reservation", held(performance, ReservationId.next(), BOB, 3));
        store("Reservation", held(performance, mine.get(2), buyer, 4));
        store("Reservation", paymentRequested(performance, mine.get(2), payment));

        EntityExchangeResult<byte[]> first = list(buyer, "/api/me/reservations?limit=2")
                .jsonPath("$.items.length()")
                .isEqualTo(2)
                .jsonPath("$.items[0].reservationId")
                .isEqualTo(mine.get(2).toString())
                .jsonPath("$.items[0].status")
                .isEqualTo("PAYMENT_PENDING")
                .jsonPath("$.items[1].reservationId")
                .isEqualTo(mine.get(1).toString())
                .returnResult();
        list(buyer, "/api/me/reservations?limit=2&after=" + next(first))
                .jsonPath("$.items.length()")
                .isEqualTo(1)
                .jsonPath("$.items[0].reservationId")
                .isEqualTo(mine.get(0).toString())
                .jsonPath("$.next")
                .isEmpty();
    }

    @Test
    void a_list_has_the_coupons_that_the_read_models_do_not_have_also_of_a_campaign_that_they_do_not_have() {
        BuyerId buyer = BuyerId.of("carla-" + UUID.randomUUID());
        CampaignId known = CampaignId.next();
        CampaignId unknown = CampaignId.next();
        List<CouponId> mine = List.of(CouponId.next(), CouponId.next(), CouponId.next());
        storeAndTell("Campaign", launched(known, 5));
        storeAndTell("Campaign", issued(known, mine.get(0), buyer, 1));
        awaitConsumed();
        store("Campaign", issued(known, mine.get(1), buyer, 2));
        store("Campaign", launched(unknown, 5));
        store("Campaign", issued(unknown, CouponId.next(), BOB, 1));
        store("Campaign", issued(unknown, mine.get(2), buyer, 2));

        EntityExchangeResult<byte[]> first = list(buyer, "/api/me/coupons?limit=2")
                .jsonPath("$.items.length()")
                .isEqualTo(2)
                .jsonPath("$.items[0].couponId")
                .isEqualTo(mine.get(2).toString())
                .jsonPath("$.items[0].campaignName")
                .isEqualTo("Early birds")
                .jsonPath("$.items[1].couponId")
                .isEqualTo(mine.get(1).toString())
                .returnResult();
        list(buyer, "/api/me/coupons?limit=2&after=" + next(first))
                .jsonPath("$.items.length()")
                .isEqualTo(1)
                .jsonPath("$.items[0].couponId")
                .isEqualTo(mine.get(0).toString());
    }

    @Test
    void a_coupon_is_used_and_given_back_as_the_log_says() {
        BuyerId buyer = BuyerId.of("carla-" + UUID.randomUUID());
        CampaignId campaign = CampaignId.next();
        CouponId told = CouponId.next();
        CouponId untold = CouponId.next();
        storeAndTell("Campaign", launched(campaign, 5));
        storeAndTell("Campaign", issued(campaign, told, buyer, 1));
        awaitConsumed();
        store("Campaign", issued(campaign, untold, buyer, 2));
        for (CouponId coupon : List.of(told, untold)) {
            store("Campaign", new CouponRedeemed(campaign, coupon, buyer, reservation, payment, NOON));
        }
        for (int place = 0; place < 2; place++) {
            list(buyer, "/api/me/coupons")
                    .jsonPath("$.items[" + place + "].status")
                    .isEqualTo("REDEEMED")
                    .jsonPath("$.items[" + place + "].reservationId")
                    .isEqualTo(reservation.toString());
        }
        store("Campaign", new CouponRestored(campaign, told, buyer, reservation, payment, NOON));
        list(buyer, "/api/me/coupons")
                .jsonPath("$.items[0].status")
                .isEqualTo("REDEEMED")
                .jsonPath("$.items[1].couponId")
                .isEqualTo(told.toString())
                .jsonPath("$.items[1].status")
                .isEqualTo("ISSUED")
                .jsonPath("$.items[1].reservationId")
                .isEmpty();
    }

    @Test
    void a_list_of_ones_own_does_not_wait_for_the_read_models() {
        for (String path : List.of("/api/me/reservations", "/api/me/coupons")) {
            as(ALICE)
                    .get()
                    .uri(path)
                    .header("Onsale-Read-After", performance + "/999999999999")
                    .exchange()
                    .expectStatus()
                    .isOk();
        }
    }

    @Test
    void an_id_of_another_kind_and_one_of_nothing_are_not_found() {
        CampaignId campaign = CampaignId.next();
        store("Performance", scheduled(performance, 2));
        store("Campaign", launched(campaign, 5));
        store("Campaign", issued(campaign, CouponId.next(), ALICE, 1));
        store("Payment", initiated(payment));
        for (UUID id : List.of(performance.value(), campaign.value(), payment.value(), UUID.randomUUID())) {
            reservation(ALICE, new ReservationId(id)).expectStatus().isNotFound();
            asOperator()
                    .get()
                    .uri("/api/reservations/{id}", id)
                    .exchange()
                    .expectStatus()
                    .isNotFound();
        }
    }

    @Test
    void points_are_answered_from_the_log_with_their_lines() {
        BuyerId buyer = BuyerId.of("saver-" + UUID.randomUUID());
        for (int times = 1; times <= 3; times++) {
            store(
                    "Wallet",
                    new PointsCharged(
                            buyer,
                            new ChargeId(UUID.randomUUID()),
                            Money.of(100, "EUR"),
                            Money.of(100L * times, "EUR"),
                            NOON));
        }
        as(buyer)
                .get()
                .uri("/api/wallet?limit=2")
                .header("Onsale-Read-After", buyer + "/999999999999")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.balances[0].minorUnits")
                .isEqualTo(300)
                .jsonPath("$.statement.items.length()")
                .isEqualTo(2)
                .jsonPath("$.statement.items[0].balance.minorUnits")
                .isEqualTo(300)
                .jsonPath("$.statement.next")
                .isNotEmpty();
    }

    private PaymentInitiated initiated(PaymentId id) {
        return new PaymentInitiated(id, reservation, performance, ALICE, PRICE, PaymentMethod.Card.withheld(), NOON);
    }

    private WebTestClient.ResponseSpec reservation(BuyerId caller, ReservationId id) {
        return as(caller).get().uri("/api/reservations/{id}", id).exchange();
    }

    private static void is(WebTestClient.ResponseSpec answer, String status, @Nullable String payment) {
        WebTestClient.BodyContentSpec body = answer.expectStatus().isOk().expectBody();
        body.jsonPath("$.status").isEqualTo(status);
        if (payment != null) {
            body.jsonPath("$.payment.status").isEqualTo(payment);
        }
    }

    private WebTestClient.BodyContentSpec list(BuyerId buyer, String path) {
        return as(buyer).get().uri(path).exchange().expectStatus().isOk().expectBody();
    }

    private static String next(EntityExchangeResult<byte[]> page) {
        return new String(Objects.requireNonNull(page.getResponseBody()), StandardCharsets.UTF_8)
                .replaceAll(".*\"next\":\"([0-9]+)\".*", "$1");
    }

    /** With the position of the log, as the publisher tells it. */
    private void storeAndTell(String aggregateType, OnsaleEvent event) {
        store(aggregateType, event);
        ProducerRecord<String, byte[]> record = TELLER.keepBack(event);
        Teller.header(
                record,
                Topics.HEADER_POSITION,
                jdbc.sql("SELECT MAX(global_index) FROM domain_event")
                        .query(Long.class)
                        .single()
                        .toString());
        TELLER.send(record);
    }

    private void tellAndStore(String aggregateType, OnsaleEvent event) {
        TELLER.tell(event);
        store(aggregateType, event);
    }

    private void store(String aggregateType, OnsaleEvent event) {
        String aggregate =
                event instanceof WalletEvent wallet ? "wallet:" + wallet.buyerId() : Teller.aggregateOf(event);
        long sequence = sequences.merge(aggregate, 0L, (before, none) -> before + 1);
        jdbc.sql("INSERT INTO domain_event (event_identifier, aggregate_identifier, sequence_number, type, time_stamp,"
                        + " payload_type, payload_revision, payload) VALUES (?, ?, ?, ?, ?, ?, '1', ?)")
                .params(
                        UUID.randomUUID().toString(),
                        aggregate,
                        sequence,
                        aggregateType,
                        NOON.toString(),
                        EventCatalogue.typeOf(event.getClass()).value(),
                        EventJson.mapper().writeValueAsBytes(event))
                .update();
    }
}
