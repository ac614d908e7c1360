package dev.onsale.proof.invariant;

import static dev.onsale.proof.invariant.HandMadeLog.aCampaignOf;
import static dev.onsale.proof.invariant.HandMadeLog.aSale;
import static dev.onsale.proof.invariant.HandMadeLog.buyer;
import static dev.onsale.proof.invariant.HandMadeLog.coupon;
import static dev.onsale.proof.invariant.HandMadeLog.payment;
import static dev.onsale.proof.invariant.HandMadeLog.reservation;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.SeatLabel;
import dev.onsale.proof.invariant.Acknowledgements.Comparison;
import java.util.List;
import org.junit.jupiter.api.Test;

class AcknowledgementsTest {

    private final Acknowledgements told = new Acknowledgements();
    private final Findings findings = new Findings();

    @Test
    void what_was_told_and_is_so_is_no_finding() {
        told.held(reservation("r1"), buyer("ada"), List.of(SeatLabel.of("A-1")));
        told.paymentTaken(reservation("r1"), payment("r1"));
        told.booked(reservation("r1"));
        told.cancelled(reservation("r1"));

        Comparison comparison = compare(aSale().sell("r1", "ada", "A-1", 1).cancelBooking("r1", "ada", "A-1"));

        assertThat(comparison).isEqualTo(new Comparison(4, 0, 0));
        assertThat(findings.isEmpty()).isTrue();
    }

    @Test
    void a_hold_that_was_told_and_is_not_in_the_log_is_lost() {
        told.held(reservation("r1"), buyer("ada"), List.of(SeatLabel.of("A-1")));

        assertThat(compare(aSale()).lost()).isEqualTo(1);
        assertThat(findings.count(Invariant.NO_LOST_ACKNOWLEDGEMENT)).isEqualTo(1);
    }

    @Test
    void a_hold_of_another_seat_than_told_is_lost() {
        told.held(reservation("r1"), buyer("ada"), List.of(SeatLabel.of("A-2")));

        assertThat(compare(aSale().hold("r1", "ada", "A-1", 1)).lost()).isEqualTo(1);
    }

    @Test
    void a_booking_that_was_told_and_is_not_in_the_log_is_lost() {
        told.held(reservation("r1"), buyer("ada"), List.of(SeatLabel.of("A-1")));
        told.booked(reservation("r1"));

        assertThat(compare(aSale().hold("r1", "ada", "A-1", 1)).lost()).isEqualTo(1);
    }

    @Test
    void a_payment_that_was_taken_and_is_not_in_the_log_is_lost() {
        told.held(reservation("r1"), buyer("ada"), List.of(SeatLabel.of("A-1")));
        told.paymentTaken(reservation("r1"), payment("r1"));

        assertThat(compare(aSale().hold("r1", "ada", "A-1", 1)).lost()).isEqualTo(1);
    }

    @Test
    void a_cancellation_that_was_told_and_is_not_in_the_log_is_lost() {
        told.held(reservation("r1"), buyer("ada"), List.of(SeatLabel.of("A-1")));
        told.cancelled(reservation("r1"));

        assertThat(compare(aSale().hold("r1", "ada", "A-1", 1)).lost()).isEqualTo(1);
    }

    @Test
    void a_coupon_with_another_rank_than_told_is_lost() {
        told.couponGiven(coupon("ada1"), buyer("ada"), 2);

        assertThat(compare(aCampaignOf(5).issue("ada", 1)).lost()).isEqualTo(1);
        assertThat(findings.count(Invariant.NO_LOST_ACKNOWLEDGEMENT)).isEqualTo(1);
    }

    @Test
    void a_fact_that_was_refused_is_found() {
        Comparison comparison = compare(aSale().hold("r1", "ada", "A-1", 1));

        assertThat(comparison.untold()).isEqualTo(1);
        assertThat(findings.count(Invariant.NO_REFUSED_FACT)).isEqualTo(1);
    }

    @Test
    void a_second_reservation_of_one_double_click_is_found() {
        told.held(reservation("r1"), buyer("ada"), List.of(SeatLabel.of("A-1")));

        compare(aSale().hold("r1", "ada", "A-1", 1).hold("r2", "ada", "A-2", 1));

        assertThat(findings.count(Invariant.NO_REFUSED_FACT)).isEqualTo(1);
    }

    @Test
    void a_fact_whose_answer_got_lost_is_counted_and_is_no_finding() {
        told.inDoubt(buyer("ada"));

        assertThat(compare(aSale().hold("r1", "ada", "A-1", 1)).untold()).isEqualTo(1);
        assertThat(findings.isEmpty()).isTrue();
    }

    @Test
    void a_double_click_answered_in_two_ways_is_found() {
        told.contradiction("two answers");

        compare(aSale());

        assertThat(findings.count(Invariant.REPEATS_ARE_ONE)).isEqualTo(1);
    }

    private Comparison compare(HandMadeLog log) {
        return told.compareWith(log.fold(), findings);
    }
}
