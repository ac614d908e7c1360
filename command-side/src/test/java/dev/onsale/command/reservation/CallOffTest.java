package dev.onsale.command.reservation;

import static dev.onsale.command.reservation.SaleScenario.ALICE;
import static dev.onsale.command.reservation.SaleScenario.BOB;
import static dev.onsale.command.reservation.SaleScenario.PAYMENT_WINDOW;
import static dev.onsale.command.reservation.SaleScenario.TONIGHT;
import static dev.onsale.command.reservation.SaleScenario.cancel;
import static dev.onsale.command.reservation.SaleScenario.confirm;
import static dev.onsale.command.reservation.SaleScenario.expire;
import static dev.onsale.command.reservation.SaleScenario.hold;
import static dev.onsale.command.reservation.SaleScenario.holdBest;
import static dev.onsale.command.reservation.SaleScenario.pay;
import static dev.onsale.command.reservation.SaleScenario.payment;
import static dev.onsale.command.reservation.SaleScenario.reservation;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.OperatorId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.performance.CallOffPerformance;
import dev.onsale.api.performance.OpenSale;
import dev.onsale.api.performance.PerformanceCalledOff;
import dev.onsale.api.reservation.BookingRevoked;
import dev.onsale.api.reservation.CallOffReservation;
import dev.onsale.api.reservation.CancelReservation;
import dev.onsale.api.reservation.ReservationCancelled;
import dev.onsale.api.reservation.ReservationHeld;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallOffTest {

    private static final CallOffPerformance OFF =
            new CallOffPerformance(TONIGHT, OperatorId.of("olga"), "The singer is ill");

    private final SaleScenario sale = new SaleScenario();

    @AfterEach
    void close() {
        sale.close();
    }

    private static CallOffReservation end(int reservation) {
        return new CallOffReservation(reservation(reservation), TONIGHT);
    }

    @Test
    void a_show_is_called_off_once_and_a_repeat_gets_the_first_answer() {
        PerformanceCalledOff first = sale.ask(OFF, PerformanceCalledOff.class);
        sale.clock.advance(Duration.ofDays(2));
        assertThat(sale.factsOf(OFF)).isEmpty();
        CallOffPerformance other = new CallOffPerformance(TONIGHT, OperatorId.of("oscar"), "Another reason");
        assertThat(sale.ask(other, PerformanceCalledOff.class)).isEqualTo(first);
    }

    @Test
    void it_needs_a_reason() {
        sale.refuses(new CallOffPerformance(TONIGHT, OperatorId.of("olga"), " "), RefusalCode.INVALID_REQUEST);
    }

    @Test
    void nothing_is_held_paid_or_booked_any_more() {
        sale.given(hold(1, ALICE, 1), hold(2, BOB, 2), pay(2, BOB, 2), OFF);
        sale.refuses(hold(3, ALICE, 3), RefusalCode.PERFORMANCE_CALLED_OFF);
        sale.refuses(holdBest(3, ALICE, 1), RefusalCode.PERFORMANCE_CALLED_OFF);
        sale.refuses(pay(1, ALICE, 1), RefusalCode.PERFORMANCE_CALLED_OFF);
        sale.refuses(confirm(2, 2), RefusalCode.PERFORMANCE_CALLED_OFF);
        sale.refuses(new OpenSale(TONIGHT), RefusalCode.PERFORMANCE_CALLED_OFF);
    }

    @Test
    void a_late_payment_gets_no_seats_again() {
        sale.given(hold(1, ALICE, 1), pay(1, ALICE, 1));
        sale.clock.advance(PAYMENT_WINDOW.plus(SaleScenario.HOLD));
        sale.given(expire(1), OFF).refuses(confirm(1, 1), RefusalCode.PERFORMANCE_CALLED_OFF);
    }

    @Test
    void a_hold_is_released_and_a_booking_revoked() {
        sale.given(hold(1, ALICE, 1), hold(2, BOB, 2), pay(2, BOB, 2), confirm(2, 2), OFF);
        assertThat(sale.factsOf(end(1))).containsExactly("SeatReleased", "AllowanceReturned", "ReservationCancelled");
        assertThat(sale.factsOf(end(2))).containsExactly("SeatFreed", "AllowanceReturned", "BookingRevoked");
        BookingRevoked revoked = (BookingRevoked) sale.lastFacts().getLast();
        assertThat(revoked.reason()).isEqualTo(CallOffReservation.REASON);
        assertThat(revoked.paymentId()).isEqualTo(payment(2));
        assertThat(revoked.refund()).isNull();
    }

    @Test
    void a_repeat_is_answered_like_the_first_and_writes_nothing() {
        sale.given(hold(1, ALICE, 1), hold(2, BOB, 2), pay(2, BOB, 2), confirm(2, 2), OFF);
        Object released = sale.ask(end(1), ReservationCancelled.class);
        Object revoked = sale.ask(end(2), BookingRevoked.class);
        assertThat(sale.factsOf(end(1))).isEmpty();
        assertThat(sale.factsOf(end(2))).isEmpty();
        assertThat(sale.ask(end(1), Object.class)).isEqualTo(released);
        assertThat(sale.ask(end(2), Object.class)).isEqualTo(revoked);
    }

    @Test
    void what_ended_before_stays_as_it_is() {
        sale.given(hold(1, ALICE, 1), cancel(1, ALICE), OFF);
        assertThat(sale.factsOf(end(1))).isEmpty();
        assertThat(sale.ask(end(1), Object.class)).isInstanceOf(ReservationHeld.class);
    }

    @Test
    void after_part_cancellations_only_the_rest_goes_back() {
        sale.given(hold(1, ALICE, 1, 2), pay(1, ALICE, 1), confirm(1, 1));
        sale.given(new CancelReservation(
                reservation(1), TONIGHT, ALICE, List.of(SaleScenario.seat(2).seat()), null, null));
        sale.given(OFF);
        BookingRevoked revoked = sale.ask(end(1), BookingRevoked.class);
        assertThat(revoked.refund()).isEqualTo(dev.onsale.api.Money.of(4_900, "EUR"));
        assertThat(revoked.seats()).hasSize(1);
    }

    @Test
    void a_buyer_may_still_cancel_before_it_is_revoked() {
        sale.given(hold(1, ALICE, 1), pay(1, ALICE, 1), confirm(1, 1), OFF);
        assertThat(sale.factsOf(cancel(1, ALICE))).contains("ReservationCancelled");
        assertThat(sale.factsOf(end(1))).isEmpty();
    }

    @Test
    void a_show_that_takes_place_revokes_nothing() {
        sale.given(hold(1, ALICE, 1)).refuses(end(1), RefusalCode.PERFORMANCE_STATE_CONFLICT);
    }
}
