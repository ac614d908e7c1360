package dev.onsale.proof.invariant;

import static dev.onsale.proof.invariant.HandMadeLog.CAMPAIGN;
import static dev.onsale.proof.invariant.HandMadeLog.CARD;
import static dev.onsale.proof.invariant.HandMadeLog.HOLD;
import static dev.onsale.proof.invariant.HandMadeLog.NOON;
import static dev.onsale.proof.invariant.HandMadeLog.PRICE;
import static dev.onsale.proof.invariant.HandMadeLog.SHOW;
import static dev.onsale.proof.invariant.HandMadeLog.aCampaignOf;
import static dev.onsale.proof.invariant.HandMadeLog.aSale;
import static dev.onsale.proof.invariant.HandMadeLog.buyer;
import static dev.onsale.proof.invariant.HandMadeLog.cancelled;
import static dev.onsale.proof.invariant.HandMadeLog.coupon;
import static dev.onsale.proof.invariant.HandMadeLog.held;
import static dev.onsale.proof.invariant.HandMadeLog.payment;
import static dev.onsale.proof.invariant.HandMadeLog.reservation;
import static dev.onsale.proof.invariant.HandMadeLog.seat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.Money;
import dev.onsale.api.OperatorId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.allowance.AllowanceUsed;
import dev.onsale.api.coupon.CouponIssued;
import dev.onsale.api.coupon.CouponRedeemed;
import dev.onsale.api.payment.PaymentCaptured;
import dev.onsale.api.payment.PaymentInitiated;
import dev.onsale.api.payment.PaymentVoided;
import dev.onsale.api.reservation.ReservationExpired;
import dev.onsale.api.seat.SeatBooked;
import dev.onsale.api.seat.SeatHeld;
import dev.onsale.api.seat.SeatReleased;
import dev.onsale.api.seat.TicketCheckedIn;
import dev.onsale.api.view.ReservationStatus;
import dev.onsale.api.view.SeatState;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogFoldTest {

    @Test
    void a_sound_log_breaks_nothing() {
        HandMadeLog log = aSale().sell("r1", "ada", "A-1", 1)
                .hold("r2", "bob", "A-2", 1)
                .expire("r2", "bob", "A-2")
                .sell("r3", "cleo", "A-2", 2)
                .cancelBooking("r3", "cleo", "A-2")
                .refund("r3");

        assertThat(log.judge().broken()).isEmpty();
        LogFold fold = log.fold();
        assertThat(fold.unsettled()).isZero();
        assertThat(fold.seatsSold()).isEqualTo(1);
        assertThat(fold.doubleSales()).isZero();
        assertThat(fold.capturedMinor()).containsEntry("EUR", 9_800L);
        assertThat(fold.refundedMinor()).containsEntry("EUR", 4_900L);
        assertThat(fold.takenSeats(SHOW)).containsExactly(java.util.Map.entry(SeatLabel.of("A-1"), SeatState.BOOKED));
        assertThat(fold.reservationStatuses())
                .containsEntry(reservation("r1"), ReservationStatus.CONFIRMED)
                .containsEntry(reservation("r2"), ReservationStatus.EXPIRED)
                .containsEntry(reservation("r3"), ReservationStatus.CANCELLED);
    }

    @Test
    void a_sound_campaign_breaks_nothing() {
        HandMadeLog log = aCampaignOf(2).issue("ada", 1).issue("bob", 2);

        assertThat(log.judge().broken()).isEmpty();
        assertThat(log.fold().couponsIssued()).isEqualTo(2);
        assertThat(log.fold().overIssue()).isZero();
    }

    @Test
    void an_invariant_without_an_occasion_to_be_broken_is_not_counted_as_kept() {
        assertThat(aCampaignOf(2).issue("ada", 1).judge().notExercised(Invariant.ofTheLog()))
                .contains(
                        Invariant.ONE_HOLDER_PER_SEAT,
                        Invariant.MONEY_MATCHES_BOOKINGS,
                        Invariant.WALLETS_ADD_UP,
                        Invariant.COUPON_USED_ONCE)
                .doesNotContain(Invariant.NO_OVER_ISSUE, Invariant.RANKS_WITHOUT_HOLES, Invariant.LOG_IN_ORDER);
        assertThat(aSale().sell("r1", "ada", "A-1", 1).judge().notExercised(Invariant.ofTheLog()))
                .doesNotContain(Invariant.ONE_HOLDER_PER_SEAT, Invariant.MONEY_MATCHES_BOOKINGS)
                .contains(Invariant.NO_OVER_ISSUE);
    }

    @Test
    void a_seat_held_by_two_is_a_double_sale() {
        HandMadeLog log = aSale().hold("r1", "ada", "A-1", 1).hold("r2", "bob", "A-1", 2);

        assertFound(log, Invariant.ONE_HOLDER_PER_SEAT, "A-1", reservation("r2"), reservation("r1"), "holds it");
        assertThat(log.fold().doubleSales()).isEqualTo(1);
    }

    @Test
    void a_seat_sold_to_two_is_a_double_sale() {
        HandMadeLog log = aSale().sell("r1", "ada", "A-1", 1).sell("r2", "bob", "A-1", 2);

        assertFound(log, Invariant.ONE_HOLDER_PER_SEAT, "A-1", "owns it");
        assertThat(log.fold().doubleSales()).isEqualTo(1);
    }

    @Test
    void a_seat_confirmed_to_two_reservations_is_a_double_sale_even_if_the_seat_says_nothing() {
        HandMadeLog log = aSale().sell("r1", "ada", "A-1", 1);
        log.add(held("r2", "bob", "A-1", 2)).requestPayment("r2", "bob").authorize("r2");
        log.confirm("r2", "bob", "A-1", 2);

        assertFound(log, Invariant.ONE_HOLDER_PER_SEAT, "is confirmed to " + reservation("r2"));
    }

    @Test
    void a_seat_booked_without_a_hold_is_found() {
        HandMadeLog log = aSale().add(new SeatBooked(seat("A-1"), reservation("r1"), buyer("ada"), 1, NOON));

        assertFound(log, Invariant.SEAT_LIFE, "A-1", "without a hold");
    }

    @Test
    void a_ticket_is_used_once_and_only_by_the_booking_that_has_the_seat() {
        TicketCheckedIn use = new TicketCheckedIn(
                seat("A-1"), reservation("r1"), buyer("ada"), 1, OperatorId.of("at-the-door"), NOON);
        HandMadeLog log = aSale().sell("r1", "ada", "A-1", 1).add(use);
        assertThat(log.judge().broken()).isEmpty();

        assertFound(log.add(use), Invariant.SEAT_LIFE, "A-1", "a second time");
        assertFound(
                aSale().hold("r1", "ada", "A-1", 1).add(use), Invariant.SEAT_LIFE, "A-1", "which has not booked it");
        assertFound(
                aSale().sell("r1", "ada", "A-1", 1)
                        .cancelBooking("r1", "ada", "A-1")
                        .add(use),
                Invariant.SEAT_LIFE,
                "A-1",
                "which has not booked it");
    }

    @Test
    void a_seat_released_by_a_stranger_is_found() {
        HandMadeLog log =
                aSale().hold("r1", "ada", "A-1", 1).add(new SeatReleased(seat("A-1"), reservation("r2"), NOON));

        assertFound(log, Invariant.SEAT_LIFE, "A-1", "is released by " + reservation("r2"));
    }

    @Test
    void a_fencing_token_that_does_not_grow_is_found() {
        HandMadeLog log =
                aSale().hold("r1", "ada", "A-1", 7).expire("r1", "ada", "A-1").hold("r2", "bob", "A-1", 7);

        assertFound(log, Invariant.FENCING_TOKENS_GROW, "token 7 after 7");
    }

    @Test
    void a_booking_with_the_token_of_an_older_hold_is_found() {
        HandMadeLog log = aSale().hold("r1", "ada", "A-1", 2)
                .add(new SeatBooked(seat("A-1"), reservation("r1"), buyer("ada"), 1, NOON));

        assertFound(log, Invariant.FENCING_TOKENS_GROW, "booked with token 1", "has 2");
    }

    @Test
    void a_hole_in_an_aggregates_numbers_is_found() {
        HandMadeLog log = aSale().hold("r1", "ada", "A-1", 1)
                .requestPayment("r1", "ada")
                .loseTheNewest()
                .authorize("r1");

        assertFound(log, Invariant.SEQUENCES_WITHOUT_HOLES, "has number 1", "where 0 belongs");
    }

    @Test
    void an_event_that_is_there_twice_is_found() {
        HandMadeLog log = aCampaignOf(2).issue("ada", 1).repeatTheNewest();

        assertFound(log, Invariant.LOG_IN_ORDER, "comes after position");
        assertFound(log, Invariant.SEQUENCES_WITHOUT_HOLES, "where 2 belongs");
    }

    @Test
    void a_fact_of_an_unknown_type_is_found() {
        assertFound(aSale().addUnknownType(), Invariant.LOG_IN_ORDER, "onsale.something-else");
    }

    @Test
    void a_hold_that_never_ends_is_found() {
        HandMadeLog log = aSale().hold("r1", "ada", "A-1", 1);

        assertFound(log, Invariant.EVERY_HOLD_ENDS, reservation("r1"), "is HELD", NOON.plus(HOLD));
    }

    @Test
    void a_hold_within_its_time_may_be_open() {
        LogFold fold = aSale().hold("r1", "ada", "A-1", 1).fold();

        assertThat(fold.judge(NOON.plus(HOLD).minusMillis(1)).broken()).isEmpty();
        assertThat(fold.unsettled()).isEqualTo(1);
    }

    @Test
    void a_payment_in_flight_keeps_its_hold_until_it_is_over() {
        LogFold fold =
                aSale().hold("r1", "ada", "A-1", 1).requestPayment("r1", "ada").fold();

        assertThat(fold.judge(NOON.plus(HOLD).plus(HOLD).minusMillis(1)).broken())
                .doesNotContainKey(Invariant.EVERY_HOLD_ENDS);
    }

    @Test
    void a_seat_that_outlives_its_expired_reservation_is_found() {
        HandMadeLog log = aSale().hold("r1", "ada", "A-1", 1)
                .add(new ReservationExpired(
                        reservation("r1"), SHOW, buyer("ada"), List.of(SeatLabel.of("A-1")), NOON.plus(HOLD)));

        assertFound(log, Invariant.EVERY_HOLD_ENDS, "A-1", "still belongs to", "EXPIRED");
    }

    @Test
    void a_hold_that_expires_before_its_time_is_found() {
        HandMadeLog log = aSale().hold("r1", "ada", "A-1", 1)
                .add(new ReservationExpired(
                        reservation("r1"),
                        SHOW,
                        buyer("ada"),
                        List.of(SeatLabel.of("A-1")),
                        NOON.plus(HOLD).minusMillis(1)));

        assertFound(log, Invariant.RESERVATION_LIFE, "expires before its time");
    }

    @Test
    void a_reservation_confirmed_without_asking_to_pay_is_found() {
        HandMadeLog log = aSale().hold("r1", "ada", "A-1", 1).confirm("r1", "ada", "A-1", 1);

        assertFound(log, Invariant.RESERVATION_LIFE, "ReservationConfirmed", "was HELD");
    }

    @Test
    void a_reservation_with_two_ends_is_found() {
        HandMadeLog log =
                aSale().hold("r1", "ada", "A-1", 1).expire("r1", "ada", "A-1").add(cancelled("r1", "ada", "A-1", null));

        assertFound(log, Invariant.RESERVATION_LIFE, "ReservationCancelled", "was EXPIRED");
    }

    @Test
    void a_cancelled_booking_that_asks_for_no_refund_is_found() {
        HandMadeLog log = aSale().sell("r1", "ada", "A-1", 1).add(cancelled("r1", "ada", "A-1", null));

        assertFound(log, Invariant.RESERVATION_LIFE, "was paid by " + payment("r1"));
    }

    @Test
    void a_confirmed_reservation_whose_seat_is_not_booked_is_found() {
        HandMadeLog log = aSale().sell("r1", "ada", "A-1", 1)
                .add(new dev.onsale.api.seat.SeatFreed(seat("A-1"), reservation("r1"), NOON));

        assertFound(log, Invariant.SEATS_AGREE_WITH_RESERVATIONS, "is CONFIRMED", "A-1 is free");
    }

    @Test
    void more_seats_than_one_person_may_have_are_found() {
        HandMadeLog log =
                aSale().hold("r1", "ada", "A-1", 1).hold("r2", "ada", "A-2", 1).hold("r3", "ada", "A-3", 1);

        assertFound(log, Invariant.ALLOWANCE_KEPT, "ada", "3 seats", "allowed are 2");
    }

    @Test
    void more_seats_than_allowed_are_found_even_if_the_allowance_says_nothing() {
        HandMadeLog log = aSale();
        for (int number = 1; number <= 3; number++) {
            log.add(new SeatHeld(
                    seat("A-" + number), reservation("r" + number), buyer("ada"), 1, NOON.plus(HOLD), NOON));
        }

        assertFound(log, Invariant.ALLOWANCE_KEPT, "ada has 3 seats with A-3");
    }

    @Test
    void an_allowance_that_miscounts_is_found() {
        HandMadeLog log = aSale().add(new AllowanceUsed(SHOW, buyer("ada"), reservation("r1"), 1, 2, NOON));

        assertFound(log, Invariant.ALLOWANCE_KEPT, "states 2 seats", "add up to 1");
        assertFound(log, Invariant.SEATS_AGREE_WITH_RESERVATIONS, "says 1 seats, the seats say 0");
    }

    @Test
    void a_coupon_too_many_is_an_over_issue() {
        HandMadeLog log = aCampaignOf(2).issue("ada", 1).issue("bob", 2).issue("cleo", 3);

        assertFound(log, Invariant.NO_OVER_ISSUE, "number 3 of 2", "cleo");
        assertThat(log.fold().overIssue()).isEqualTo(1);
    }

    @Test
    void a_second_coupon_of_one_person_is_found() {
        HandMadeLog log = aCampaignOf(5).issue("ada", 1).issue("ada", 2);

        assertFound(log, Invariant.ONE_COUPON_PER_PERSON, "ada has 2 coupons, allowed are 1");
    }

    @Test
    void a_hole_in_the_ranks_is_found() {
        assertFound(
                aCampaignOf(5).issue("ada", 1).issue("bob", 3), Invariant.RANKS_WITHOUT_HOLES, "rank 3", "number 2");
    }

    @Test
    void a_rank_given_twice_is_found() {
        assertFound(
                aCampaignOf(5).issue("ada", 1).issue("bob", 1), Invariant.RANKS_WITHOUT_HOLES, "rank 1", "number 2");
    }

    @Test
    void a_coupon_issued_twice_is_found() {
        HandMadeLog log =
                aCampaignOf(5).issue("ada", 1).add(new CouponIssued(CAMPAIGN, coupon("ada1"), buyer("bob"), 2, NOON));

        assertFound(log, Invariant.COUPON_USED_ONCE, "is issued twice");
    }

    @Test
    void a_coupon_redeemed_for_two_reservations_is_found() {
        HandMadeLog log = aCampaignOf(5)
                .issue("ada", 1)
                .add(new CouponRedeemed(CAMPAIGN, coupon("ada1"), buyer("ada"), reservation("r1"), payment("r1"), NOON))
                .add(new CouponRedeemed(
                        CAMPAIGN, coupon("ada1"), buyer("ada"), reservation("r2"), payment("r2"), NOON));

        assertFound(log, Invariant.COUPON_USED_ONCE, reservation("r2"), "while it is for " + reservation("r1"));
    }

    @Test
    void a_coupon_redeemed_by_a_stranger_is_found() {
        HandMadeLog log = aCampaignOf(5)
                .issue("ada", 1)
                .add(new CouponRedeemed(
                        CAMPAIGN, coupon("ada1"), buyer("bob"), reservation("r1"), payment("r1"), NOON));

        assertFound(log, Invariant.COUPON_USED_ONCE, "is redeemed by bob, who does not own it");
    }

    @Test
    void a_payment_captured_without_a_confirmation_is_found() {
        HandMadeLog log = aSale().hold("r1", "ada", "A-1", 1)
                .requestPayment("r1", "ada")
                .authorize("r1")
                .capture("r1");

        assertFound(log, Invariant.MONEY_MATCHES_BOOKINGS, payment("r1"), "captured without a confirmation");
        assertFound(log, Invariant.MONEY_MATCHES_BOOKINGS, "Captured less refunded is {EUR=4900}");
    }

    @Test
    void a_confirmed_reservation_without_its_money_is_found() {
        HandMadeLog log = aSale().hold("r1", "ada", "A-1", 1)
                .requestPayment("r1", "ada")
                .authorize("r1")
                .confirm("r1", "ada", "A-1", 1);

        assertFound(log, Invariant.MONEY_MATCHES_BOOKINGS, reservation("r1"), "AUTHORIZED, not captured");
        assertThat(log.fold().unsettled()).isEqualTo(1);
    }

    @Test
    void a_payment_captured_twice_is_found() {
        HandMadeLog log = aSale().sell("r1", "ada", "A-1", 1).capture("r1");

        assertFound(log, Invariant.MONEY_MATCHES_BOOKINGS, "was CAPTURED and becomes CAPTURED");
        assertFound(log, Invariant.MONEY_MATCHES_BOOKINGS, "{EUR=9800}", "{EUR=4900}");
    }

    @Test
    void a_second_payment_captured_for_one_reservation_is_found() {
        HandMadeLog log = aSale().sell("r1", "ada", "A-1", 1)
                .add(new PaymentInitiated(payment("again"), reservation("r1"), SHOW, buyer("ada"), PRICE, CARD, NOON))
                .authorize("again")
                .capture("again");

        assertFound(log, Invariant.MONEY_MATCHES_BOOKINGS, payment("again"), "captured without a confirmation");
    }

    @Test
    void another_amount_captured_than_asked_for_is_found() {
        HandMadeLog log = aSale().hold("r1", "ada", "A-1", 1)
                .requestPayment("r1", "ada")
                .authorize("r1")
                .confirm("r1", "ada", "A-1", 1)
                .add(new PaymentCaptured(payment("r1"), reservation("r1"), SHOW, Money.of(5_000, "EUR"), NOON));

        assertFound(log, Invariant.MONEY_MATCHES_BOOKINGS, "moves 5000 EUR", "instead of 4900 EUR");
    }

    @Test
    void a_cancelled_booking_whose_money_stays_is_found() {
        HandMadeLog log = aSale().sell("r1", "ada", "A-1", 1).cancelBooking("r1", "ada", "A-1");

        assertFound(log, Invariant.MONEY_MATCHES_BOOKINGS, "captured without a confirmation", "CANCELLED");
        assertThat(log.fold().unsettled()).isEqualTo(1);
    }

    @Test
    void a_confirmed_reservation_whose_payment_was_voided_is_found() {
        HandMadeLog log = aSale().hold("r1", "ada", "A-1", 1)
                .requestPayment("r1", "ada")
                .authorize("r1")
                .confirm("r1", "ada", "A-1", 1)
                .add(new PaymentVoided(payment("r1"), reservation("r1"), SHOW, "X", NOON));

        assertFound(log, Invariant.MONEY_MATCHES_BOOKINGS, "VOIDED, not captured");
    }

    @Test
    void authorised_money_that_nobody_settles_is_found() {
        HandMadeLog log =
                aSale().hold("r1", "ada", "A-1", 1).requestPayment("r1", "ada").authorize("r1");

        assertFound(log, Invariant.MONEY_MATCHES_BOOKINGS, "stays authorised");
    }

    /** Asserts that the invariant is violated and that one of its findings contains all the words. */
    private static void assertFound(HandMadeLog log, Invariant invariant, Object... words) {
        Findings findings = log.judge();
        assertThat(findings.broken()).containsKey(invariant);
        assertThat(java.util.Objects.requireNonNull(findings.broken().get(invariant))
                        .first())
                .anySatisfy(detail -> {
                    for (Object word : words) {
                        assertThat(detail).contains(word.toString());
                    }
                });
    }
}
