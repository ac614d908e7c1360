package dev.onsale.command.reservation;

import static dev.onsale.command.reservation.SaleScenario.ALICE;
import static dev.onsale.command.reservation.SaleScenario.BOB;
import static dev.onsale.command.reservation.SaleScenario.HOLD;
import static dev.onsale.command.reservation.SaleScenario.TONIGHT;
import static dev.onsale.command.reservation.SaleScenario.cancel;
import static dev.onsale.command.reservation.SaleScenario.confirm;
import static dev.onsale.command.reservation.SaleScenario.hold;
import static dev.onsale.command.reservation.SaleScenario.pay;
import static dev.onsale.command.reservation.SaleScenario.payment;
import static dev.onsale.command.reservation.SaleScenario.reservation;
import static dev.onsale.command.reservation.SaleScenario.seat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.Money;
import dev.onsale.api.OperatorId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.coupon.CouponTerms;
import dev.onsale.api.coupon.Discount;
import dev.onsale.api.reservation.CancelReservation;
import dev.onsale.api.reservation.HeldSeat;
import dev.onsale.api.reservation.PaymentRequested;
import dev.onsale.api.reservation.RequestPayment;
import dev.onsale.api.reservation.ReservationCancelled;
import dev.onsale.api.reservation.ReservationConfirmed;
import dev.onsale.api.reservation.ReservationPartlyCancelled;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PartCancellationTest {

    private static final OperatorId OLGA = OperatorId.of("olga");

    private final SaleScenario sale = new SaleScenario();

    @AfterEach
    void close() {
        sale.close();
    }

    private static CancelReservation cancelSeats(int reservation, BuyerId buyer, int... seats) {
        return new CancelReservation(reservation(reservation), TONIGHT, buyer, labels(seats), null, null);
    }

    private static CancelReservation cancelAsOperator(String reason, int... seats) {
        return new CancelReservation(reservation(1), TONIGHT, BuyerId.of("olga"), labels(seats), OLGA, reason);
    }

    private static List<SeatLabel> labels(int... seats) {
        return Arrays.stream(seats).mapToObj(number -> seat(number).seat()).toList();
    }

    private static Money eur(long minorUnits) {
        return Money.of(minorUnits, "EUR");
    }

    private SaleScenario booked() {
        return sale.given(hold(1, ALICE, 1, 2, 3, 4), pay(1, ALICE, 1), confirm(1, 1));
    }

    @Test
    void one_seat_of_a_booking_is_free_at_once_and_its_price_goes_back() {
        booked();
        assertThat(sale.factsOf(cancelSeats(1, ALICE, 4)))
                .containsExactly("SeatFreed", "AllowanceReturned", "ReservationPartlyCancelled");
        ReservationPartlyCancelled part =
                (ReservationPartlyCancelled) sale.lastFacts().getLast();
        assertThat(part.part()).isEqualTo(1);
        assertThat(part.seats()).isEqualTo(labels(4));
        assertThat(part.refundOf()).isEqualTo(payment(1));
        assertThat(part.refund()).isEqualTo(eur(4_900));
        assertThat(part.total()).isEqualTo(eur(14_700));
        assertThat(part.operator()).isNull();
        assertThat(sale.factsOf(hold(2, BOB, 4))).contains("ReservationHeld");
        sale.refuses(hold(3, BOB, 3), RefusalCode.SEAT_TAKEN);
    }

    @Test
    void the_buyer_may_use_the_allowance_again() {
        booked().refuses(hold(2, ALICE, 5), RefusalCode.ALLOWANCE_EXCEEDED);
        sale.given(cancelSeats(1, ALICE, 4));
        assertThat(sale.factsOf(hold(2, ALICE, 5))).contains("ReservationHeld");
        sale.refuses(hold(3, ALICE, 6), RefusalCode.ALLOWANCE_EXCEEDED);
    }

    @Test
    void a_repeat_is_answered_like_the_first_and_writes_nothing_also_after_the_last_seat() {
        booked();
        Object first = sale.ask(cancelSeats(1, ALICE, 4, 3), Object.class);
        assertThat(sale.factsOf(cancelSeats(1, ALICE, 3, 4))).isEmpty();
        assertThat(sale.ask(cancelSeats(1, ALICE, 3, 4), Object.class)).isEqualTo(first);
        sale.given(cancel(1, ALICE));
        assertThat(sale.ask(cancelSeats(1, ALICE, 3, 4), Object.class)).isEqualTo(first);
    }

    @Test
    void a_seat_that_it_does_not_have_or_no_longer_refuses_all() {
        booked().refuses(cancelSeats(1, ALICE, 4, 5), RefusalCode.SEAT_NOT_IN_RESERVATION);
        sale.given(cancelSeats(1, ALICE, 4));
        sale.refuses(cancelSeats(1, ALICE, 3, 4), RefusalCode.SEAT_NOT_IN_RESERVATION);
        sale.refuses(cancelSeats(1, ALICE, 3, 3), RefusalCode.DUPLICATE_SEAT);
        sale.refuses(cancelSeats(1, BOB, 3), RefusalCode.RESERVATION_NOT_FOUND);
    }

    @Test
    void the_last_seats_end_the_reservation_with_what_the_parts_left_of_the_payment() {
        booked().given(cancelSeats(1, ALICE, 1));
        assertThat(sale.factsOf(cancelSeats(1, ALICE, 2, 3, 4)))
                .containsExactly("SeatFreed", "SeatFreed", "SeatFreed", "AllowanceReturned", "ReservationCancelled");
        ReservationCancelled whole = (ReservationCancelled) sale.lastFacts().getLast();
        assertThat(whole.refund()).isEqualTo(eur(14_700));
        assertThat(whole.refundOf()).isEqualTo(payment(1));
        assertThat(whole.seats()).isEqualTo(labels(2, 3, 4));
        sale.refuses(cancelSeats(1, ALICE, 2), RefusalCode.ALREADY_CANCELLED);
    }

    @Test
    void without_parts_the_whole_payment_goes_back_as_ever() {
        booked();
        assertThat(sale.ask(cancel(1, ALICE), ReservationCancelled.class).refund())
                .isNull();
    }

    @Test
    void a_part_of_a_hold_is_released_and_the_rest_is_paid() {
        sale.given(hold(1, ALICE, 1, 2, 3));
        assertThat(sale.factsOf(cancelSeats(1, ALICE, 2)))
                .containsExactly("SeatReleased", "AllowanceReturned", "ReservationPartlyCancelled");
        ReservationPartlyCancelled part =
                (ReservationPartlyCancelled) sale.lastFacts().getLast();
        assertThat(part.refundOf()).isNull();
        assertThat(part.refund()).isNull();
        assertThat(sale.ask(pay(1, ALICE, 1), PaymentRequested.class).amount()).isEqualTo(eur(9_800));
        ReservationConfirmed confirmed = sale.ask(confirm(1, 1), ReservationConfirmed.class);
        assertThat(confirmed.total()).isEqualTo(eur(9_800));
        assertThat(confirmed.seats().stream().map(HeldSeat::seat)).isEqualTo(labels(1, 3));
    }

    @Test
    void a_rest_that_is_not_paid_expires() {
        sale.given(hold(1, ALICE, 1, 2), cancelSeats(1, ALICE, 2));
        sale.clock.advance(HOLD);
        assertThat(sale.factsOf(SaleScenario.expire(1)))
                .containsExactly("SeatHoldExpired", "AllowanceReturned", "ReservationExpired");
        sale.refuses(cancelSeats(1, ALICE, 1), RefusalCode.HOLD_EXPIRED);
    }

    @Test
    void under_a_payment_some_seats_cannot_leave_but_all_can() {
        sale.given(hold(1, ALICE, 1, 2), pay(1, ALICE, 1))
                .refuses(cancelSeats(1, ALICE, 2), RefusalCode.PAYMENT_IN_FLIGHT);
        assertThat(sale.factsOf(cancelSeats(1, ALICE, 2, 1))).contains("ReservationCancelled");
    }

    @Test
    void the_buyer_may_until_the_latest_instant_and_an_operator_at_any_time_with_a_reason() {
        booked();
        sale.clock.advance(Duration.ofDays(1).minusMillis(1));
        sale.given(cancelSeats(1, ALICE, 1));
        sale.clock.advance(Duration.ofMillis(1));
        sale.refuses(cancelSeats(1, ALICE, 2), RefusalCode.CANCELLATION_CLOSED);
        sale.refuses(cancelAsOperator(" ", 2), RefusalCode.INVALID_REQUEST);
        sale.refuses(cancelAsOperator("x".repeat(501), 2), RefusalCode.INVALID_REQUEST);
        ReservationPartlyCancelled part = sale.ask(cancelAsOperator("ill", 2), ReservationPartlyCancelled.class);
        assertThat(part.operator()).isEqualTo(OLGA);
        assertThat(part.reason()).isEqualTo("ill");
        assertThat(part.buyerId()).isEqualTo(ALICE);
        ReservationCancelled whole = sale.ask(cancelAsOperator("all ill"), ReservationCancelled.class);
        assertThat(whole.operator()).isEqualTo(OLGA);
        assertThat(whole.reason()).isEqualTo("all ill");
    }

    @Test
    void an_operator_without_a_reason_cancels_nobody_else_s_reservation() {
        CancelReservation silent =
                new CancelReservation(reservation(1), TONIGHT, BuyerId.of("olga"), List.of(), OLGA, null);
        booked().refuses(silent, RefusalCode.INVALID_REQUEST);
    }

    @Test
    void a_coupon_is_shared_and_no_cent_is_lost_or_won() {
        CouponTerms coupon = new CouponTerms(CampaignId.next(), CouponId.next(), new Discount(33, null, null));
        sale.given(
                hold(1, ALICE, 1, 2, 3),
                new RequestPayment(
                        reservation(1), TONIGHT, ALICE, payment(1), SaleScenario.CARD, coupon, null, null, null),
                confirm(1, 1));
        // 33 % of 14,700 is 4,851: 9,849 were paid.
        long back = 0;
        for (int seat = 1; seat <= 2; seat++) {
            Money refund = sale.ask(cancelSeats(1, ALICE, seat), ReservationPartlyCancelled.class)
                    .refund();
            back += java.util.Objects.requireNonNull(refund).minorUnits();
        }
        Money rest = sale.ask(cancel(1, ALICE), ReservationCancelled.class).refund();
        assertThat(back + java.util.Objects.requireNonNull(rest).minorUnits()).isEqualTo(9_849);
    }

    @Test
    void shares_add_up_for_any_prices_and_none_is_above_its_price() {
        Random random = new Random(20);
        for (int round = 0; round < 2_000; round++) {
            int count = 1 + random.nextInt(6);
            List<HeldSeat> seats = new java.util.ArrayList<>();
            long total = 0;
            for (int number = 1; number <= count; number++) {
                long price = random.nextBoolean() ? random.nextInt(7) : random.nextLong(1_000_000_000_000L / 6);
                total += price;
                seats.add(new HeldSeat(seat(number).seat(), "Stalls", eur(price), 1));
            }
            long paid = total == 0 ? 0 : random.nextLong(total + 1);
            RefundShares shares = new RefundShares(seats, eur(paid));
            long sum = 0;
            for (HeldSeat seat : seats) {
                Money share = shares.of(Set.of(seat.seat()));
                assertThat(share.minorUnits()).isBetween(0L, seat.price().minorUnits());
                sum += share.minorUnits();
            }
            assertThat(sum).as("shares of %s paid for %s", paid, seats).isEqualTo(paid);
        }
    }
}
