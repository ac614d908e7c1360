package dev.onsale.command.reservation;

import static dev.onsale.command.reservation.SaleScenario.ALICE;
import static dev.onsale.command.reservation.SaleScenario.BOB;
import static dev.onsale.command.reservation.SaleScenario.HOLD;
import static dev.onsale.command.reservation.SaleScenario.PAYMENT_WINDOW;
import static dev.onsale.command.reservation.SaleScenario.cancel;
import static dev.onsale.command.reservation.SaleScenario.confirm;
import static dev.onsale.command.reservation.SaleScenario.expire;
import static dev.onsale.command.reservation.SaleScenario.fail;
import static dev.onsale.command.reservation.SaleScenario.hold;
import static dev.onsale.command.reservation.SaleScenario.holdBest;
import static dev.onsale.command.reservation.SaleScenario.holdFenced;
import static dev.onsale.command.reservation.SaleScenario.pay;
import static dev.onsale.command.reservation.SaleScenario.payment;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.Money;
import dev.onsale.api.OperatorId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.allowance.AllowanceUsed;
import dev.onsale.api.coupon.CouponTerms;
import dev.onsale.api.coupon.Discount;
import dev.onsale.api.performance.CloseSale;
import dev.onsale.api.performance.OpenSale;
import dev.onsale.api.reservation.HoldBestSeats;
import dev.onsale.api.reservation.PaymentRequested;
import dev.onsale.api.reservation.RequestPayment;
import dev.onsale.api.reservation.ReservationCancelled;
import dev.onsale.api.reservation.ReservationConfirmed;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.api.reservation.RevokeBooking;
import dev.onsale.api.seat.SeatBooked;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReservationRulesTest {

    private final SaleScenario sale = new SaleScenario();

    @AfterEach
    void close() {
        sale.close();
    }

    @Test
    void several_seats_are_held_together_with_the_allowance_they_use() {
        assertThat(sale.factsOf(hold(1, ALICE, 1, 2)))
                .containsExactly("SeatHeld", "SeatHeld", "AllowanceUsed", "ReservationHeld");
        ReservationHeld held = (ReservationHeld) sale.lastFacts().getLast();
        assertThat(held.total()).isEqualTo(Money.of(9_800, "EUR"));
        assertThat(held.heldUntil()).isEqualTo(TestClock.NOON.plus(HOLD));
        assertThat(((AllowanceUsed) sale.lastFacts().get(2)).seatsInUse()).isEqualTo(2);
    }

    @Test
    void a_held_seat_cannot_be_held_by_a_second_buyer() {
        sale.given(hold(1, ALICE, 1)).refuses(hold(2, BOB, 1), RefusalCode.SEAT_TAKEN);
    }

    @Test
    void one_taken_seat_refuses_all_seats_of_the_request() {
        sale.given(hold(1, ALICE, 2)).refuses(hold(2, BOB, 1, 2, 3), RefusalCode.SEAT_TAKEN);
        assertThat(sale.factsOf(hold(3, BOB, 1, 3))).contains("ReservationHeld");
    }

    @Test
    void a_repeat_is_answered_like_the_first_and_writes_nothing() {
        ReservationHeld first = sale.ask(hold(1, ALICE, 1, 2), ReservationHeld.class);
        assertThat(sale.factsOf(hold(1, ALICE, 2, 1))).isEmpty();
        assertThat(sale.ask(hold(1, ALICE, 1, 2), ReservationHeld.class)).isEqualTo(first);
    }

    @Test
    void the_same_key_for_other_seats_is_refused() {
        sale.given(hold(1, ALICE, 1)).refuses(hold(1, ALICE, 2), RefusalCode.IDEMPOTENCY_KEY_REUSED);
    }

    @Test
    void the_same_seat_twice_an_unknown_seat_no_seat_and_too_many_seats_are_refused() {
        sale.refuses(hold(1, ALICE, 1, 1), RefusalCode.DUPLICATE_SEAT);
        sale.refuses(hold(1, ALICE, 77), RefusalCode.UNKNOWN_SEAT);
        sale.refuses(hold(1, ALICE), RefusalCode.INVALID_REQUEST);
        sale.refuses(hold(1, ALICE, 1, 2, 3, 4, 5), RefusalCode.TOO_MANY_SEATS);
    }

    @Test
    void a_buyer_never_exceeds_the_allowance_over_several_reservations() {
        sale.given(hold(1, ALICE, 1, 2, 3)).refuses(hold(2, ALICE, 4, 5), RefusalCode.ALLOWANCE_EXCEEDED);
        assertThat(sale.factsOf(hold(3, ALICE, 4))).contains("ReservationHeld");
        sale.refuses(hold(4, ALICE, 5), RefusalCode.ALLOWANCE_EXCEEDED);
    }

    @Test
    void a_hold_ends_exactly_at_its_instant() {
        sale.given(hold(1, ALICE, 1));
        sale.clock.advance(HOLD.minusMillis(1));
        sale.refuses(hold(2, BOB, 1), RefusalCode.SEAT_TAKEN);
        assertThat(sale.factsOf(expire(1))).as("expiry one millisecond early").isEmpty();
        sale.clock.advance(Duration.ofMillis(1));
        sale.refuses(pay(1, ALICE, 1), RefusalCode.HOLD_EXPIRED);
        assertThat(sale.factsOf(hold(2, BOB, 1)))
                .containsExactly(
                        "SeatHoldExpired",
                        "AllowanceReturned",
                        "ReservationExpired",
                        "SeatHeld",
                        "AllowanceUsed",
                        "ReservationHeld");
    }

    @Test
    void an_expired_hold_gives_every_seat_and_the_allowance_back() {
        sale.given(hold(1, ALICE, 1, 2, 3, 4));
        sale.clock.advance(HOLD);
        assertThat(sale.factsOf(expire(1)))
                .containsExactly(
                        "SeatHoldExpired",
                        "SeatHoldExpired",
                        "SeatHoldExpired",
                        "SeatHoldExpired",
                        "AllowanceReturned",
                        "ReservationExpired");
        assertThat(sale.factsOf(expire(1))).isEmpty();
        assertThat(sale.factsOf(hold(2, ALICE, 1, 2, 3, 4))).contains("ReservationHeld");
    }

    @Test
    void a_buyer_may_hold_again_what_the_own_lapsed_hold_still_counts() {
        sale.given(hold(1, ALICE, 1, 2, 3, 4));
        sale.clock.advance(HOLD.plusSeconds(1));
        assertThat(sale.factsOf(hold(2, ALICE, 1, 2, 3, 4))).contains("ReservationExpired", "ReservationHeld");
    }

    @Test
    void an_authorised_payment_books_every_seat() {
        sale.given(hold(1, ALICE, 1, 2), pay(1, ALICE, 1));
        assertThat(sale.factsOf(confirm(1, 1))).containsExactly("SeatBooked", "SeatBooked", "ReservationConfirmed");
        assertThat(((SeatBooked) sale.lastFacts().getFirst()).buyerId()).isEqualTo(ALICE);
        assertThat(sale.factsOf(confirm(1, 1))).as("a repeat").isEmpty();
        sale.clock.advance(Duration.ofDays(1).minusHours(20));
        sale.refuses(hold(2, BOB, 1), RefusalCode.SEAT_TAKEN);
    }

    @Test
    void a_hold_does_not_expire_under_a_payment_in_flight() {
        sale.given(hold(1, ALICE, 1));
        sale.clock.advance(HOLD.minusSeconds(1));
        sale.given(pay(1, ALICE, 1));
        sale.clock.advance(Duration.ofSeconds(30));
        assertThat(sale.factsOf(expire(1))).isEmpty();
        sale.refuses(hold(2, BOB, 1), RefusalCode.SEAT_TAKEN);
        assertThat(sale.factsOf(confirm(1, 1))).contains("ReservationConfirmed");
    }

    @Test
    void a_payment_without_an_outcome_does_not_make_the_hold_shorter() {
        sale.given(hold(1, ALICE, 1), pay(1, ALICE, 1));
        sale.clock.advance(HOLD.minusMillis(1));
        assertThat(sale.factsOf(expire(1))).isEmpty();
        sale.refuses(hold(2, BOB, 1), RefusalCode.SEAT_TAKEN);
        sale.clock.advance(Duration.ofMillis(1));
        assertThat(sale.factsOf(hold(2, BOB, 1))).contains("ReservationExpired", "ReservationHeld");
    }

    @Test
    void a_payment_without_an_outcome_loses_the_hold_at_its_own_bound_if_that_is_later() {
        sale.given(hold(1, ALICE, 1));
        sale.clock.advance(HOLD.minusSeconds(1));
        sale.given(pay(1, ALICE, 1));
        sale.clock.advance(PAYMENT_WINDOW.minusMillis(1));
        sale.refuses(hold(2, BOB, 1), RefusalCode.SEAT_TAKEN);
        sale.clock.advance(Duration.ofMillis(1));
        assertThat(sale.factsOf(hold(2, BOB, 1))).contains("ReservationExpired", "ReservationHeld");
        assertThat(sale.factsOf(confirm(1, 1)))
                .as("late, and the seat is somebody else's")
                .containsExactly("LatePaymentRejected");
        assertThat(sale.factsOf(confirm(1, 1))).as("a repeat").isEmpty();
    }

    @Test
    void a_late_payment_gets_its_seats_again_if_they_are_still_free() {
        sale.given(hold(1, ALICE, 1, 2), pay(1, ALICE, 1));
        sale.clock.advance(HOLD);
        sale.given(expire(1));

        assertThat(sale.factsOf(confirm(1, 1)))
                .containsExactly(
                        "SeatHeld",
                        "SeatHeld",
                        "AllowanceUsed",
                        "LatePaymentAccepted",
                        "SeatBooked",
                        "SeatBooked",
                        "ReservationConfirmed");
        assertThat(sale.factsOf(confirm(1, 1))).as("a repeat").isEmpty();
        sale.refuses(hold(2, BOB, 1), RefusalCode.SEAT_TAKEN);
        assertThat(sale.factsOf(cancel(1, ALICE))).contains("SeatFreed", "AllowanceReturned", "ReservationCancelled");
    }

    @Test
    void a_late_payment_beyond_the_allowance_is_rejected() {
        sale.given(hold(1, ALICE, 1, 2), pay(1, ALICE, 1));
        sale.clock.advance(HOLD);
        sale.given(expire(1), hold(2, ALICE, 3, 4, 5));

        assertThat(sale.factsOf(confirm(1, 1))).containsExactly("LatePaymentRejected");
    }

    @Test
    void a_booking_whose_money_cannot_be_taken_goes_back_once() {
        sale.given(hold(1, ALICE, 1), pay(1, ALICE, 1), confirm(1, 1));
        RevokeBooking revoke = new RevokeBooking(
                SaleScenario.reservation(1), SaleScenario.TONIGHT, SaleScenario.payment(1), "AUTHORIZATION_LAPSED");

        assertThat(sale.factsOf(revoke)).containsExactly("SeatFreed", "AllowanceReturned", "BookingRevoked");
        assertThat(sale.factsOf(revoke)).as("a repeat").isEmpty();
        sale.refuses(cancel(1, ALICE), RefusalCode.ALREADY_CANCELLED);
        assertThat(sale.factsOf(hold(2, BOB, 1))).contains("SeatHeld");
    }

    @Test
    void a_coupon_makes_the_amount_smaller_and_the_reservation_checks_it() {
        Discount half = new Discount(50, null, Money.of(4_901, "EUR"));
        CouponTerms coupon = new CouponTerms(CampaignId.next(), CouponId.next(), half);
        sale.given(hold(1, ALICE, 1), hold(2, BOB, 2, 3));

        sale.refuses(withCoupon(1, ALICE, coupon, null), RefusalCode.COUPON_NOT_APPLICABLE);
        sale.refuses(withCoupon(2, BOB, coupon, Money.of(9_800, "EUR")), RefusalCode.AMOUNT_MISMATCH);
        assertThat(sale.ask(withCoupon(2, BOB, coupon, Money.of(4_900, "EUR")), PaymentRequested.class)
                        .amount())
                .isEqualTo(Money.of(4_900, "EUR"));
        assertThat(new Discount(33, null, null).off(Money.of(101, "EUR"))).isEqualTo(Money.of(33, "EUR"));
        assertThat(new Discount(null, Money.of(500, "EUR"), null).off(Money.of(101, "EUR")))
                .isEqualTo(Money.of(101, "EUR"));
    }

    private static RequestPayment withCoupon(
            int reservation, BuyerId buyer, CouponTerms coupon, @Nullable Money expected) {
        return new RequestPayment(
                SaleScenario.reservation(reservation),
                SaleScenario.TONIGHT,
                buyer,
                SaleScenario.payment(reservation),
                SaleScenario.CARD,
                coupon,
                expected,
                null,
                null);
    }

    @Test
    void after_a_declined_payment_the_buyer_may_pay_again_while_the_hold_lasts() {
        sale.given(hold(1, ALICE, 1), pay(1, ALICE, 1));
        assertThat(sale.factsOf(fail(1, 1))).containsExactly("PaymentFailed");
        assertThat(sale.factsOf(fail(1, 1))).as("a repeat").isEmpty();
        sale.given(pay(1, ALICE, 2));
        sale.refuses(confirm(1, 1), RefusalCode.PAYMENT_STATE_CONFLICT);
        assertThat(sale.factsOf(confirm(1, 2))).contains("ReservationConfirmed");
    }

    @Test
    void a_payment_that_fails_after_the_hold_ended_takes_the_hold_with_it() {
        sale.given(hold(1, ALICE, 1));
        sale.clock.advance(HOLD.minusSeconds(1));
        sale.given(pay(1, ALICE, 1));
        sale.clock.advance(Duration.ofSeconds(10));
        assertThat(sale.factsOf(fail(1, 1)))
                .containsExactly("PaymentFailed", "SeatHoldExpired", "AllowanceReturned", "ReservationExpired");
    }

    @Test
    void two_payments_cannot_be_in_flight_and_a_booked_reservation_is_not_paid_again() {
        sale.given(hold(1, ALICE, 1), pay(1, ALICE, 1)).refuses(pay(1, ALICE, 2), RefusalCode.PAYMENT_IN_FLIGHT);
        assertThat(sale.factsOf(pay(1, ALICE, 1))).as("a repeat").isEmpty();
        sale.given(confirm(1, 1)).refuses(pay(1, ALICE, 2), RefusalCode.ALREADY_CONFIRMED);
    }

    @Test
    void somebody_elses_reservation_is_not_found() {
        sale.given(hold(1, ALICE, 1));
        sale.refuses(pay(1, BOB, 1), RefusalCode.RESERVATION_NOT_FOUND);
        sale.refuses(cancel(1, BOB), RefusalCode.RESERVATION_NOT_FOUND);
        sale.refuses(pay(9, ALICE, 1), RefusalCode.RESERVATION_NOT_FOUND);
    }

    @Test
    void a_cancelled_hold_is_free_at_once_and_owes_nothing() {
        sale.given(hold(1, ALICE, 1, 2));
        assertThat(sale.factsOf(cancel(1, ALICE)))
                .containsExactly("SeatReleased", "SeatReleased", "AllowanceReturned", "ReservationCancelled");
        assertThat(((ReservationCancelled) sale.lastFacts().getLast()).refundOf())
                .isNull();
        assertThat(sale.factsOf(cancel(1, ALICE))).as("a repeat").isEmpty();
        assertThat(sale.factsOf(hold(2, BOB, 1, 2))).contains("ReservationHeld");
    }

    @Test
    void a_cancelled_booking_is_free_at_once_and_owes_its_payment() {
        sale.given(hold(1, ALICE, 1), pay(1, ALICE, 1), confirm(1, 1));
        assertThat(sale.factsOf(cancel(1, ALICE)))
                .containsExactly("SeatFreed", "AllowanceReturned", "ReservationCancelled");
        assertThat(((ReservationCancelled) sale.lastFacts().getLast()).refundOf())
                .isEqualTo(payment(1));
        assertThat(sale.factsOf(hold(2, BOB, 1))).contains("ReservationHeld");
    }

    @Test
    void a_cancellation_under_a_payment_frees_the_seats_and_the_payment_confirms_nothing_any_more() {
        sale.given(hold(1, ALICE, 1), pay(1, ALICE, 1));
        assertThat(sale.factsOf(cancel(1, ALICE)))
                .containsExactly("SeatReleased", "AllowanceReturned", "ReservationCancelled");
        assertThat(((ReservationCancelled) sale.lastFacts().getLast()).refundOf())
                .as("nothing is booked yet")
                .isNull();
        sale.refuses(confirm(1, 1), RefusalCode.ALREADY_CANCELLED);
        assertThat(sale.factsOf(hold(2, BOB, 1))).contains("ReservationHeld");
    }

    @Test
    void an_ended_hold_cannot_be_cancelled() {
        sale.given(hold(2, BOB, 2));
        sale.clock.advance(HOLD);
        sale.refuses(cancel(2, BOB), RefusalCode.HOLD_EXPIRED);
    }

    @Test
    void a_book_and_cancel_loop_never_loses_or_gains_a_seat() {
        for (int round = 1; round <= 20; round++) {
            sale.given(hold(round, ALICE, 1), pay(round, ALICE, round), confirm(round, round), cancel(round, ALICE));
        }
        assertThat(sale.factsOf(hold(99, BOB, 1))).contains("ReservationHeld");
        sale.refuses(hold(100, ALICE, 1), RefusalCode.SEAT_TAKEN);
    }

    @Test
    void fencing_tokens_only_grow() {
        sale.given(holdFenced(1, ALICE, 1, 7));
        sale.clock.advance(HOLD);
        sale.refuses(holdFenced(2, BOB, 1, 7), RefusalCode.STALE_FENCING_TOKEN);
        sale.refuses(holdFenced(2, BOB, 1, 6), RefusalCode.STALE_FENCING_TOKEN);
        assertThat(sale.factsOf(holdFenced(2, BOB, 1, 8))).contains("SeatHeld");
        sale.clock.advance(HOLD);
        sale.given(hold(3, ALICE, 1));
        ReservationHeld held = sale.ask(hold(3, ALICE, 1), ReservationHeld.class);
        assertThat(held.seats().getFirst().fencingToken())
                .as("a seat without a guard")
                .isEqualTo(9);
    }

    @Test
    void a_buyer_who_froze_through_the_hold_loses_to_the_new_holder() {
        sale.given(hold(1, ALICE, 1), pay(1, ALICE, 1));
        sale.clock.advance(HOLD);
        sale.given(hold(2, BOB, 1));
        assertThat(sale.factsOf(confirm(1, 1))).containsExactly("LatePaymentRejected");
        sale.given(pay(2, BOB, 2));
        ReservationConfirmed confirmed = sale.ask(confirm(2, 2), ReservationConfirmed.class);
        assertThat(confirmed.buyerId()).isEqualTo(BOB);
    }

    @Test
    void a_payment_with_an_old_token_is_refused_as_such_and_writes_nothing() {
        sale.given(hold(1, ALICE, 1, 2));
        sale.clock.advance(HOLD);
        sale.refuses(pay(1, ALICE, 1), RefusalCode.HOLD_EXPIRED);
        sale.given(hold(2, BOB, 2));
        sale.refuses(pay(1, ALICE, 2), RefusalCode.STALE_FENCING_TOKEN);
        sale.refuses(pay(1, BOB, 3), RefusalCode.RESERVATION_NOT_FOUND);
        sale.given(cancel(2, BOB));
        sale.refuses(pay(1, ALICE, 4), RefusalCode.STALE_FENCING_TOKEN);
    }

    @Test
    void a_sale_sells_only_within_its_window_and_while_the_operator_lets_it() {
        sale.given(new CloseSale(SaleScenario.TONIGHT, OperatorId.of("olivia")))
                .refuses(hold(1, ALICE, 1), RefusalCode.SALE_CLOSED);
        sale.given(new OpenSale(SaleScenario.TONIGHT));
        assertThat(sale.factsOf(hold(1, ALICE, 1))).contains("ReservationHeld");
        sale.clock.set(TestClock.NOON.plus(Duration.ofHours(8)));
        sale.refuses(hold(2, BOB, 2), RefusalCode.SALE_CLOSED);
        sale.refuses(new OpenSale(SaleScenario.TONIGHT), RefusalCode.SALE_CLOSED);
        sale.clock.set(TestClock.NOON.minus(Duration.ofHours(2)));
    }

    @Test
    void before_the_window_a_sale_is_not_open_unless_the_operator_opens_it() {
        sale.clock.set(TestClock.NOON.minus(Duration.ofHours(1)).minusMillis(1));
        sale.refuses(hold(1, ALICE, 1), RefusalCode.SALE_NOT_OPEN);
        sale.clock.advance(Duration.ofMillis(1));
        assertThat(sale.factsOf(hold(1, ALICE, 1))).contains("ReservationHeld");
        sale.clock.set(TestClock.NOON.minus(Duration.ofHours(3)));
        assertThat(sale.factsOf(new OpenSale(SaleScenario.TONIGHT))).containsExactly("SaleOpened");
        assertThat(sale.factsOf(hold(2, BOB, 2))).contains("ReservationHeld");
    }

    @Test
    void each_hold_of_a_seat_carries_its_own_reservation() {
        sale.given(hold(1, ALICE, 1), cancel(1, ALICE), hold(2, BOB, 1));
        assertThat(sale.factsOf(expire(1))).as("an old timer").isEmpty();
        sale.refuses(hold(3, ALICE, 1), RefusalCode.SEAT_TAKEN);
        assertThat(sale.factsOf(pay(2, BOB, 1))).containsExactly("PaymentRequested");
    }

    @Test
    void the_best_seats_are_beside_each_other_and_the_nearest_to_the_middle() {
        assertThat(seatsOf(sale.ask(holdBest(1, ALICE, 2), ReservationHeld.class)))
                .containsExactly("A-5", "A-6");
        assertThat(seatsOf(sale.ask(holdBest(2, BOB, 4), ReservationHeld.class)))
                .containsExactly("A-1", "A-2", "A-3", "A-4");
    }

    @Test
    void a_repeat_is_answered_with_the_same_best_seats_and_writes_nothing() {
        ReservationHeld first = sale.ask(holdBest(1, ALICE, 2), ReservationHeld.class);
        assertThat(sale.factsOf(holdBest(1, ALICE, 2))).isEmpty();
        assertThat(sale.ask(holdBest(1, ALICE, 2), ReservationHeld.class)).isEqualTo(first);
        sale.refuses(holdBest(1, ALICE, 3), RefusalCode.IDEMPOTENCY_KEY_REUSED);
        sale.refuses(holdBest(1, BOB, 2), RefusalCode.IDEMPOTENCY_KEY_REUSED);
    }

    @Test
    void the_best_seats_follow_what_others_hold_release_and_book() {
        sale.given(holdBest(1, ALICE, 1), cancel(1, ALICE), hold(2, BOB, 5, 6, 7), pay(2, BOB, 1), confirm(2, 1));
        assertThat(seatsOf(sale.ask(holdBest(3, ALICE, 4), ReservationHeld.class)))
                .containsExactly("A-1", "A-2", "A-3", "A-4");
        sale.given(cancel(2, BOB));
        assertThat(seatsOf(sale.ask(holdBest(4, BOB, 4), ReservationHeld.class)))
                .containsExactly("A-5", "A-6", "A-7", "A-8");
    }

    @Test
    void a_hold_that_is_over_counts_as_free_from_its_instant_on() {
        sale.given(holdBest(1, ALICE, 4), hold(2, BOB, 8, 9, 10));
        sale.clock.advance(HOLD.minusMillis(1));
        sale.refuses(holdBest(3, BuyerId.of("carol"), 4), RefusalCode.NOT_ENOUGH_SEATS);
        sale.clock.advance(Duration.ofMillis(1));
        assertThat(sale.factsOf(holdBest(3, BuyerId.of("carol"), 4)))
                .contains("SeatHoldExpired", "ReservationExpired", "SeatHeld", "ReservationHeld");
        assertThat(((ReservationHeld) sale.lastFacts().getLast())
                        .seats()
                        .getFirst()
                        .fencingToken())
                .as("newer than that of the hold that is over")
                .isEqualTo(2);
    }

    @Test
    void seats_under_a_payment_in_flight_are_not_the_best_though_their_hold_is_over() {
        sale.given(holdBest(1, ALICE, 4));
        sale.clock.advance(HOLD.minusSeconds(1));
        sale.given(pay(1, ALICE, 1));
        sale.clock.advance(Duration.ofSeconds(1));
        assertThat(seatsOf(sale.ask(holdBest(2, BOB, 4), ReservationHeld.class)))
                .doesNotContain("A-3", "A-4", "A-5", "A-6");
        sale.refuses(holdBest(3, BuyerId.of("carol"), 3), RefusalCode.NOT_ENOUGH_SEATS);
        sale.clock.advance(PAYMENT_WINDOW);
        assertThat(sale.factsOf(holdBest(3, BuyerId.of("carol"), 3))).contains("ReservationExpired", "ReservationHeld");
    }

    @Test
    void own_holds_that_are_over_make_room_for_the_best_seats() {
        sale.given(hold(1, ALICE, 1, 2, 3, 4));
        sale.refuses(holdBest(2, ALICE, 1), RefusalCode.ALLOWANCE_EXCEEDED);
        sale.clock.advance(HOLD);
        assertThat(sale.factsOf(holdBest(2, ALICE, 4))).contains("ReservationExpired", "ReservationHeld");
    }

    @Test
    void bad_orders_for_the_best_seats_are_refused_and_write_nothing() {
        sale.refuses(holdBest(1, ALICE, 0), RefusalCode.INVALID_REQUEST);
        sale.refuses(holdBest(1, ALICE, -1), RefusalCode.INVALID_REQUEST);
        sale.refuses(holdBest(1, ALICE, 5), RefusalCode.TOO_MANY_SEATS);
        sale.refuses(
                new HoldBestSeats(SaleScenario.reservation(1), SaleScenario.TONIGHT, ALICE, 1, "Balcony"),
                RefusalCode.UNKNOWN_PRICE_ZONE);
        sale.given(new CloseSale(SaleScenario.TONIGHT, OperatorId.of("olivia")))
                .refuses(holdBest(1, ALICE, 1), RefusalCode.SALE_CLOSED);
    }

    private static List<String> seatsOf(ReservationHeld held) {
        return held.seats().stream().map(seat -> seat.seat().toString()).toList();
    }
}
