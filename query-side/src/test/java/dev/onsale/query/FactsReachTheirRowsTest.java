package dev.onsale.query;

import static dev.onsale.query.ASale.ALICE;
import static dev.onsale.query.ASale.BOB;
import static dev.onsale.query.ASale.CARD;
import static dev.onsale.query.ASale.NOON;
import static dev.onsale.query.ASale.PRICE;
import static dev.onsale.query.ASale.aPerformance;
import static dev.onsale.query.ASale.held;
import static dev.onsale.query.ASale.heldSeats;
import static dev.onsale.query.ASale.issued;
import static dev.onsale.query.ASale.launched;
import static dev.onsale.query.ASale.paymentRequested;
import static dev.onsale.query.ASale.scheduled;
import static dev.onsale.query.ASale.seat;
import static dev.onsale.query.ASale.seatBooked;
import static dev.onsale.query.ASale.seatHeld;
import static dev.onsale.query.ASale.seatId;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.OperatorId;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.allowance.AllowanceReturned;
import dev.onsale.api.allowance.AllowanceUsed;
import dev.onsale.api.coupon.CampaignClosed;
import dev.onsale.api.coupon.CampaignExhausted;
import dev.onsale.api.coupon.CouponRedeemed;
import dev.onsale.api.coupon.CouponRestored;
import dev.onsale.api.payment.PaymentAuthorized;
import dev.onsale.api.payment.PaymentCaptured;
import dev.onsale.api.payment.PaymentDeclined;
import dev.onsale.api.payment.PaymentInitiated;
import dev.onsale.api.payment.PaymentRefunded;
import dev.onsale.api.payment.PaymentVoided;
import dev.onsale.api.performance.SaleClosed;
import dev.onsale.api.performance.SaleOpened;
import dev.onsale.api.reservation.PaymentFailed;
import dev.onsale.api.reservation.ReservationCancelled;
import dev.onsale.api.reservation.ReservationConfirmed;
import dev.onsale.api.reservation.ReservationExpired;
import dev.onsale.api.seat.SeatFreed;
import dev.onsale.api.seat.SeatHoldExpired;
import dev.onsale.api.seat.SeatReleased;
import java.util.List;
import org.junit.jupiter.api.Test;

class FactsReachTheirRowsTest extends QuerySideTest {

    private final PerformanceId performance = aPerformance();
    private final ReservationId reservation = ReservationId.next();
    private final PaymentId payment = PaymentId.next();

    @Test
    void a_scheduled_performance_is_listed_with_its_prices_and_seats() {
        TELLER.tell(scheduled(performance, 5));

        eventually("the performance answers").untilAsserted(() -> http.get()
                .uri("/api/performances/{id}", performance)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.title")
                .isEqualTo("Abschlusskonzert")
                .jsonPath("$.hall")
                .isEqualTo("Riethsporthalle")
                .jsonPath("$.sale")
                .isEqualTo("OPEN")
                .jsonPath("$.holdDuration")
                .isEqualTo("PT5M")
                .jsonPath("$.prices['Kategorie I'].minorUnits")
                .isEqualTo(4900)
                .jsonPath("$.prices['Kategorie I'].currency")
                .isEqualTo("EUR")
                .jsonPath("$.seats.total")
                .isEqualTo(5)
                .jsonPath("$.seats.available")
                .isEqualTo(5));
        http.get()
                .uri("/api/performances?limit=1")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.items[0].performanceId")
                .isEqualTo(performance.toString());
        http.get()
                .uri("/api/performances/{id}/seating-plan", performance)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.zones[0].rows[0].seats[4].label")
                .isEqualTo("D-14-5");
    }

    @Test
    void an_operator_closes_and_reopens_the_sale() {
        TELLER.tell(scheduled(performance, 1));
        TELLER.tell(new SaleClosed(performance, OperatorId.of("olivia"), NOON));
        awaitSale("CLOSED");
        TELLER.tell(new SaleOpened(performance, NOON));
        awaitSale("OPEN");
    }

    private void awaitSale(String state) {
        eventually("the sale is " + state).untilAsserted(() -> http.get()
                .uri("/api/performances/{id}", performance)
                .exchange()
                .expectBody()
                .jsonPath("$.sale")
                .isEqualTo(state));
    }

    @Test
    void every_fact_of_a_seat_moves_it_on_the_map() {
        TELLER.tell(scheduled(performance, 5));
        awaitMap("AAAAA");
        for (int number = 1; number <= 5; number++) {
            TELLER.tell(seatHeld(performance, number, reservation));
        }
        awaitMap("HHHHH");
        TELLER.tell(new SeatReleased(seatId(performance, 1), reservation, NOON));
        TELLER.tell(new SeatHoldExpired(seatId(performance, 2), reservation, NOON));
        TELLER.tell(seatBooked(performance, 3, reservation));
        TELLER.tell(seatBooked(performance, 4, reservation));
        TELLER.tell(new SeatFreed(seatId(performance, 4), reservation, NOON));
        awaitMap("AABAH");
        http.get()
                .uri("/api/performances/{id}", performance)
                .exchange()
                .expectBody()
                .jsonPath("$.seats.available")
                .isEqualTo(3)
                .jsonPath("$.seats.held")
                .isEqualTo(1)
                .jsonPath("$.seats.booked")
                .isEqualTo(1);
        http.get()
                .uri("/api/performances/{id}/seat-map?labels=true", performance)
                .exchange()
                .expectBody()
                .jsonPath("$.seats['D-14-3']")
                .isEqualTo("BOOKED")
                .jsonPath("$.counts.available")
                .isEqualTo(3);
    }

    private void awaitMap(String letters) {
        eventually("the seat map is " + letters).untilAsserted(() -> http.get()
                .uri("/api/performances/{id}/seat-map", performance)
                .exchange()
                .expectBody()
                .jsonPath("$.seats")
                .isEqualTo(letters));
    }

    @Test
    void a_reservation_is_followed_from_the_hold_to_the_capture() {
        TELLER.tell(held(performance, reservation, ALICE, 1, 2));
        eventually("the reservation answers").untilAsserted(() -> as(ALICE)
                .get()
                .uri("/api/reservations/{id}", reservation)
                .exchange()
                .expectBody()
                .jsonPath("$.status")
                .isEqualTo("HELD")
                .jsonPath("$.performanceId")
                .isEqualTo(performance.toString())
                .jsonPath("$.total.minorUnits")
                .isEqualTo(9800)
                .jsonPath("$.seats[1].seat")
                .isEqualTo("D-14-2")
                .jsonPath("$.heldUntil")
                .isEqualTo("2026-06-01T12:05:00.123456789Z")
                .jsonPath("$.payment")
                .isEmpty());
        TELLER.tell(new AllowanceUsed(performance, ALICE, reservation, 2, 2, NOON));
        TELLER.tell(paymentRequested(performance, reservation, payment));
        awaitReservation("PAYMENT_PENDING", "REQUESTED");
        TELLER.tell(new PaymentInitiated(payment, reservation, performance, ALICE, PRICE, CARD, NOON));
        TELLER.tell(new PaymentAuthorized(payment, reservation, performance, "gw-1", NOON));
        awaitReservation("PAYMENT_PENDING", "AUTHORIZED");
        TELLER.tell(new ReservationConfirmed(reservation, performance, ALICE, payment, heldSeats(1, 2), PRICE, NOON));
        TELLER.tell(new PaymentCaptured(payment, reservation, performance, PRICE, NOON));
        awaitReservation("CONFIRMED", "CAPTURED");
        TELLER.tell(
                new ReservationCancelled(reservation, performance, ALICE, List.of(seat(1), seat(2)), payment, NOON));
        TELLER.tell(new AllowanceReturned(performance, ALICE, reservation, 2, 0, NOON));
        TELLER.tell(new PaymentRefunded(payment, reservation, performance, PRICE, NOON));
        awaitReservation("CANCELLED", "REFUNDED");
    }

    @Test
    void a_declined_payment_leaves_the_hold_and_says_why() {
        TELLER.tell(held(performance, reservation, ALICE, 1));
        TELLER.tell(paymentRequested(performance, reservation, payment));
        TELLER.tell(new PaymentInitiated(payment, reservation, performance, ALICE, PRICE, CARD, NOON));
        TELLER.tell(new PaymentDeclined(payment, reservation, performance, "insufficient_funds", NOON));
        TELLER.tell(new PaymentFailed(reservation, performance, ALICE, payment, "insufficient_funds", NOON));
        awaitReservation("HELD", "DECLINED");
        as(ALICE)
                .get()
                .uri("/api/reservations/{id}", reservation)
                .exchange()
                .expectBody()
                .jsonPath("$.payment.reason")
                .isEqualTo("insufficient_funds");
        PaymentId second = PaymentId.next();
        TELLER.tell(paymentRequested(performance, reservation, second));
        awaitReservation("PAYMENT_PENDING", "REQUESTED");
        TELLER.tell(new PaymentAuthorized(second, reservation, performance, "gw-2", NOON));
        TELLER.tell(new ReservationExpired(reservation, performance, ALICE, List.of(seat(1)), NOON));
        TELLER.tell(new PaymentVoided(second, reservation, performance, "hold_expired", NOON));
        awaitReservation("EXPIRED", "VOIDED");
    }

    private void awaitReservation(String status, String paymentStatus) {
        eventually("the reservation is " + status + ", its payment " + paymentStatus)
                .untilAsserted(() -> as(ALICE)
                        .get()
                        .uri("/api/reservations/{id}", reservation)
                        .exchange()
                        .expectStatus()
                        .isOk()
                        .expectBody()
                        .jsonPath("$.status")
                        .isEqualTo(status)
                        .jsonPath("$.payment.status")
                        .isEqualTo(paymentStatus));
    }

    @Test
    void a_campaign_counts_what_is_issued_and_redeemed() {
        CampaignId campaign = CampaignId.next();
        CouponId first = CouponId.next();
        CouponId second = CouponId.next();
        BuyerId carol = BuyerId.of("carol-" + campaign);
        TELLER.tell(launched(campaign, 2));
        TELLER.tell(issued(campaign, first, carol, 1));
        awaitCampaign(campaign, "OPEN", 1, 0);
        TELLER.tell(new CouponRedeemed(campaign, first, carol, reservation, payment, NOON));
        TELLER.tell(issued(campaign, second, BOB, 2));
        TELLER.tell(new CampaignExhausted(campaign, 2, NOON));
        awaitCampaign(campaign, "SOLD_OUT", 2, 1);
        as(carol)
                .get()
                .uri("/api/me/coupons")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.items.length()")
                .isEqualTo(1)
                .jsonPath("$.items[0].couponId")
                .isEqualTo(first.toString())
                .jsonPath("$.items[0].rank")
                .isEqualTo(1)
                .jsonPath("$.items[0].status")
                .isEqualTo("REDEEMED")
                .jsonPath("$.items[0].campaignName")
                .isEqualTo("Early birds")
                .jsonPath("$.items[0].discount.percentOff")
                .isEqualTo(20)
                .jsonPath("$.items[0].reservationId")
                .isEqualTo(reservation.toString());
        TELLER.tell(new CouponRestored(campaign, first, carol, reservation, payment, NOON));
        TELLER.tell(new CampaignClosed(campaign, NOON));
        awaitCampaign(campaign, "CLOSED", 2, 0);
    }

    private void awaitCampaign(CampaignId campaign, String status, int issued, int redeemed) {
        eventually("the campaign is " + status).untilAsserted(() -> http.get()
                .uri("/api/campaigns/{id}", campaign)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.status")
                .isEqualTo(status)
                .jsonPath("$.issued")
                .isEqualTo(issued)
                .jsonPath("$.remaining")
                .isEqualTo(2 - issued)
                .jsonPath("$.redeemed")
                .isEqualTo(redeemed));
    }

    @Test
    void a_hall_of_fifty_thousand_seats_is_one_row_and_no_seat_rows() {
        TELLER.tell(scheduled(performance, 50_000));
        TELLER.tell(seatHeld(performance, 50_000, reservation));
        eventually("the last seat is held").untilAsserted(() -> http.get()
                .uri("/api/performances/{id}/seat-map", performance)
                .exchange()
                .expectBody()
                .jsonPath("$.seats")
                .isEqualTo("A".repeat(49_999) + "H"));
        assertThat(count("SELECT COUNT(*) FROM seat_view WHERE performance_id = ?", performance.toString()))
                .isEqualTo(1);
    }
}
