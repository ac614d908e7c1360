package dev.onsale.command.reservation;

import static dev.onsale.command.reservation.SaleScenario.ALICE;
import static dev.onsale.command.reservation.SaleScenario.BOB;
import static dev.onsale.command.reservation.SaleScenario.TONIGHT;
import static dev.onsale.command.reservation.SaleScenario.hold;
import static dev.onsale.command.reservation.SaleScenario.holdBest;
import static dev.onsale.command.reservation.SaleScenario.pay;
import static dev.onsale.command.reservation.SaleScenario.seat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.onsale.api.Fault;
import dev.onsale.api.OperatorAction;
import dev.onsale.api.OperatorId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.performance.SeatsBlocked;
import dev.onsale.api.performance.SeatsUnblocked;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.api.seat.BlockSeats;
import dev.onsale.api.seat.SeatSelection;
import dev.onsale.api.seat.UnblockSeats;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BlockedSeatsRulesTest {

    private static final OperatorAction CAMERA = new OperatorAction(OperatorId.of("op"), "camera platform");

    private final SaleScenario sale = new SaleScenario();

    @AfterEach
    void close() {
        sale.close();
    }

    static BlockSeats block(int... seats) {
        return new BlockSeats(TONIGHT, SeatSelection.of(labels(seats)), CAMERA);
    }

    static UnblockSeats unblock(int... seats) {
        return new UnblockSeats(TONIGHT, SeatSelection.of(labels(seats)), CAMERA);
    }

    private static List<SeatLabel> labels(int... seats) {
        return Arrays.stream(seats).mapToObj(number -> seat(number).seat()).toList();
    }

    @Test
    void blocked_seats_are_told_one_by_one_and_once_for_the_operator() {
        assertThat(sale.factsOf(block(2, 1))).containsExactly("SeatBlocked", "SeatBlocked", "SeatsBlocked");
        SeatsBlocked fact = (SeatsBlocked) sale.lastFacts().getLast();
        assertThat(fact.seats()).as("in the order of the plan").isEqualTo(labels(1, 2));
        assertThat(fact.operator()).isEqualTo(OperatorId.of("op"));
        assertThat(fact.reason()).isEqualTo("camera platform");
    }

    @Test
    void a_blocked_seat_is_not_held_by_name() {
        sale.given(block(1));
        sale.refuses(hold(1, ALICE, 1), RefusalCode.SEAT_BLOCKED);
        sale.refuses(hold(1, ALICE, 2, 1), RefusalCode.SEAT_BLOCKED);
    }

    @Test
    void a_blocked_seat_is_never_best() {
        sale.given(block(4, 5, 6, 7));
        ReservationHeld held = sale.ask(holdBest(1, ALICE, 3), ReservationHeld.class);
        assertThat(held.seats())
                .extracting(one -> one.seat())
                .hasSize(3)
                .doesNotContainAnyElementsOf(labels(4, 5, 6, 7));
        sale.given(holdBest(2, BOB, 3));
        sale.refuses(holdBest(3, BOB, 1), RefusalCode.NOT_ENOUGH_SEATS);
    }

    @Test
    void a_seat_that_is_blocked_again_makes_no_second_fact() {
        sale.given(block(1));
        assertThat(sale.factsOf(block(1))).isEmpty();
        assertThat(sale.factsOf(block(1, 2))).containsExactly("SeatBlocked", "SeatsBlocked");
    }

    @Test
    void held_and_booked_seats_are_refused_each_with_its_state_and_nothing_is_blocked() {
        sale.given(hold(1, ALICE, 1), hold(2, BOB, 3), pay(2, BOB, 2), SaleScenario.confirm(2, 2));
        RefusedException refused =
                catchThrowableOfType(RefusedException.class, () -> sale.ask(block(1, 2, 3), Object.class));
        assertThat(refused.code()).isEqualTo(RefusalCode.SEATS_NOT_FREE);
        assertThat(refused.faults()).containsExactly(new Fault("A-1", "HELD"), new Fault("A-3", "BOOKED"));
        assertThat(sale.factsOf(hold(3, ALICE, 2))).contains("SeatHeld");
    }

    @Test
    void a_seat_with_a_payment_in_flight_is_held_also_after_its_hold() {
        sale.given(hold(1, ALICE, 1), pay(1, ALICE, 1));
        sale.clock.advance(SaleScenario.PAYMENT_WINDOW.minusMillis(1));
        sale.refuses(block(1), RefusalCode.SEATS_NOT_FREE);
    }

    @Test
    void a_hold_is_an_obstacle_until_its_end_and_lapsed_it_ends_before_the_block() {
        sale.given(hold(1, ALICE, 1));
        sale.clock.advance(SaleScenario.HOLD.minusNanos(1));
        sale.refuses(block(1), RefusalCode.SEATS_NOT_FREE);
        sale.clock.advance(Duration.ofNanos(1));
        assertThat(sale.factsOf(block(1)))
                .containsSubsequence("SeatHoldExpired", "SeatBlocked", "SeatsBlocked")
                .contains("ReservationExpired", "AllowanceReturned");
    }

    @Test
    void a_released_seat_is_held_with_a_greater_token_than_before_the_block() {
        sale.given(hold(1, ALICE, 1), SaleScenario.cancel(1, ALICE), block(1));
        assertThat(sale.factsOf(unblock(1))).containsExactly("SeatUnblocked", "SeatsUnblocked");
        ReservationHeld held = sale.ask(hold(2, BOB, 1), ReservationHeld.class);
        assertThat(held.seats().getFirst().fencingToken()).isEqualTo(2);
        assertThat(sale.factsOf(unblock(1))).isEmpty();
    }

    @Test
    void a_released_seat_can_be_best_again() {
        sale.given(block(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
        sale.refuses(holdBest(1, ALICE, 1), RefusalCode.NOT_ENOUGH_SEATS);
        sale.given(unblock(5));
        assertThat(sale.factsOf(holdBest(2, ALICE, 1))).contains("SeatHeld");
    }

    @Test
    void a_late_payment_does_not_get_a_blocked_seat_back() {
        sale.given(hold(1, ALICE, 1), pay(1, ALICE, 1));
        sale.clock.advance(Duration.ofMinutes(10));
        sale.given(SaleScenario.expire(1), block(1));
        assertThat(sale.factsOf(SaleScenario.confirm(1, 1))).containsExactly("LatePaymentRejected");
    }

    @Test
    void a_zone_and_a_row_of_it_are_selected_by_name() {
        SeatSelection zone = new SeatSelection(List.of(), "A", null);
        assertThat(sale.ask(new BlockSeats(TONIGHT, zone, CAMERA), SeatsBlocked.class)
                        .seats())
                .hasSize(10);
        SeatSelection row = new SeatSelection(List.of(), "A", "A");
        assertThat(sale.ask(new UnblockSeats(TONIGHT, row, CAMERA), SeatsUnblocked.class)
                        .seats())
                .hasSize(10);
        sale.refuses(new BlockSeats(TONIGHT, new SeatSelection(List.of(), "A", "Z"), CAMERA), RefusalCode.UNKNOWN_SEAT);
    }

    @Test
    void a_malformed_selection_is_refused_as_a_whole() {
        sale.refuses(block(1, 11), RefusalCode.UNKNOWN_SEAT);
        sale.refuses(block(1, 1), RefusalCode.DUPLICATE_SEAT);
        sale.refuses(
                new BlockSeats(TONIGHT, new SeatSelection(labels(1), "A", null), CAMERA), RefusalCode.INVALID_REQUEST);
        sale.refuses(
                new BlockSeats(TONIGHT, new SeatSelection(List.of(), null, "A"), CAMERA), RefusalCode.INVALID_REQUEST);
        assertThat(sale.factsOf(hold(1, ALICE, 1))).contains("SeatHeld");
    }

    @Test
    void seats_are_blocked_until_the_show_begins() {
        sale.clock.advance(Duration.ofDays(1).minusNanos(1));
        assertThat(sale.factsOf(block(1))).contains("SeatsBlocked");
        sale.clock.advance(Duration.ofNanos(1));
        sale.refuses(block(2), RefusalCode.SALE_OVER);
        sale.refuses(unblock(1), RefusalCode.SALE_OVER);
    }
}
