package dev.onsale.command.reservation;

import static dev.onsale.command.reservation.SaleScenario.ALICE;
import static dev.onsale.command.reservation.SaleScenario.BOB;
import static dev.onsale.command.reservation.SaleScenario.cancel;
import static dev.onsale.command.reservation.SaleScenario.checkIn;
import static dev.onsale.command.reservation.SaleScenario.confirm;
import static dev.onsale.command.reservation.SaleScenario.hold;
import static dev.onsale.command.reservation.SaleScenario.holdBest;
import static dev.onsale.command.reservation.SaleScenario.pay;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.onsale.api.Fault;
import dev.onsale.api.OperatorId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.api.reservation.RevokeBooking;
import dev.onsale.api.seat.TicketCheckedIn;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When the ticket of a seat may be used. */
class TicketRulesTest {

    private final SaleScenario sale = new SaleScenario();

    @AfterEach
    void close() {
        sale.close();
    }

    private void booked(int reservation, int... seats) {
        sale.given(
                hold(reservation, ALICE, seats),
                pay(reservation, ALICE, reservation),
                confirm(reservation, reservation));
    }

    @Test
    void the_ticket_of_a_booked_seat_is_used_and_the_fact_says_who_and_when() {
        booked(1, 1, 2);
        TicketCheckedIn fact = sale.ask(checkIn(1, 1, 1), TicketCheckedIn.class);
        assertThat(fact)
                .isEqualTo(new TicketCheckedIn(
                        SaleScenario.seat(1),
                        SaleScenario.reservation(1),
                        ALICE,
                        1,
                        OperatorId.of("at-the-door"),
                        TestClock.NOON));
        assertThat(sale.factsOf(checkIn(1, 2, 1))).as("the other seat").containsExactly("TicketCheckedIn");
    }

    @Test
    void a_ticket_is_used_once_and_the_second_try_learns_when() {
        booked(1, 1);
        sale.given(checkIn(1, 1, 1));
        sale.clock.advance(Duration.ofMinutes(1));
        sale.refuses(checkIn(1, 1, 1), RefusalCode.TICKET_USED);
        RefusedException refused =
                catchThrowableOfType(RefusedException.class, () -> sale.ask(checkIn(1, 1, 1), Object.class));
        assertThat(refused.faults()).containsExactly(new Fault("A-1", TestClock.NOON.toString()));
    }

    @Test
    void a_seat_that_is_only_held_or_was_never_held_has_no_ticket() {
        sale.refuses(checkIn(1, 1, 1), RefusalCode.TICKET_VOID);
        sale.given(hold(1, ALICE, 1));
        sale.refuses(checkIn(1, 1, 1), RefusalCode.TICKET_VOID);
    }

    @Test
    void the_ticket_of_a_cancelled_booking_is_void_also_when_the_seat_is_booked_again() {
        booked(1, 1);
        sale.given(cancel(1, ALICE));
        sale.refuses(checkIn(1, 1, 1), RefusalCode.TICKET_VOID);
        sale.given(hold(2, BOB, 1), pay(2, BOB, 2), confirm(2, 2));
        sale.refuses(checkIn(1, 1, 1), RefusalCode.TICKET_VOID);
        sale.refuses(checkIn(2, 1, 1), RefusalCode.TICKET_VOID);
        assertThat(sale.factsOf(checkIn(2, 1, 2))).containsExactly("TicketCheckedIn");
    }

    @Test
    void a_booking_with_a_used_ticket_cannot_be_cancelled_and_its_seat_stays_booked() {
        booked(1, 1, 2);
        sale.given(checkIn(1, 2, 1));
        sale.refuses(cancel(1, ALICE), RefusalCode.TICKET_USED);
        sale.refuses(hold(2, BOB, 2), RefusalCode.SEAT_TAKEN);
    }

    @Test
    void the_seat_of_a_used_ticket_is_never_among_the_best_free_seats() {
        booked(1, 1, 2, 3);
        booked(2, 4);
        sale.given(checkIn(1, 2, 1));
        ReservationHeld best = sale.ask(holdBest(3, BOB, 4), ReservationHeld.class);
        assertThat(best.seats()).extracting(held -> held.seat().toString()).doesNotContain("A-1", "A-2", "A-3", "A-4");
    }

    @Test
    void a_revoked_booking_takes_its_ticket_along() {
        booked(1, 1);
        sale.given(new RevokeBooking(
                SaleScenario.reservation(1), SaleScenario.TONIGHT, SaleScenario.payment(1), "AUTHORIZATION_LAPSED"));
        sale.refuses(checkIn(1, 1, 1), RefusalCode.TICKET_VOID);
    }
}
