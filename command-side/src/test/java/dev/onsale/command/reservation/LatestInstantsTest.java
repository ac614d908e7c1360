package dev.onsale.command.reservation;

import static dev.onsale.command.reservation.SaleScenario.ALICE;
import static dev.onsale.command.reservation.SaleScenario.BOB;
import static dev.onsale.command.reservation.SaleScenario.HOLD;
import static dev.onsale.command.reservation.SaleScenario.cancel;
import static dev.onsale.command.reservation.SaleScenario.confirm;
import static dev.onsale.command.reservation.SaleScenario.expire;
import static dev.onsale.command.reservation.SaleScenario.hold;
import static dev.onsale.command.reservation.SaleScenario.holdBest;
import static dev.onsale.command.reservation.SaleScenario.pay;
import static dev.onsale.command.reservation.TestClock.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.OperatorId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.performance.CloseSale;
import dev.onsale.api.performance.OpenSale;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.api.performance.SchedulePerformance;
import dev.onsale.api.reservation.PaymentRequested;
import dev.onsale.api.reservation.ReservationCancelled;
import dev.onsale.api.reservation.ReservationConfirmed;
import dev.onsale.api.reservation.ReservationHeld;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Selling, holding and cancelling end at the start of the show, or at the instants that the operator sets. */
class LatestInstantsTest {

    private static final Instant START = NOON.plus(Duration.ofHours(2));
    private static final Duration MILLISECOND = Duration.ofMillis(1);

    @Test
    void seats_can_be_held_until_the_show_starts_though_the_window_is_longer() {
        SaleScenario sale = new SaleScenario(starting(START, null, null, null));
        sale.clock.set(START.minus(MILLISECOND));
        assertThat(sale.ask(hold(1, ALICE, 1), ReservationHeld.class).heldUntil())
                .isEqualTo(START);
        assertThat(sale.ask(holdBest(2, BOB, 1), ReservationHeld.class).heldUntil())
                .isEqualTo(START);
        for (Instant late : new Instant[] {START, START.plus(MILLISECOND)}) {
            sale.clock.set(late);
            sale.refuses(hold(3, ALICE, 3), RefusalCode.SALE_CLOSED);
            sale.refuses(holdBest(4, ALICE, 1), RefusalCode.SALE_CLOSED);
        }
        assertThat(sale.ask(hold(1, ALICE, 1), ReservationHeld.class).reservationId())
                .as("a repeat")
                .isEqualTo(SaleScenario.reservation(1));
    }

    @Test
    void no_hold_lasts_beyond_the_end_of_selling_and_it_can_be_paid_until_it_ends() {
        Instant sellingEnd = START.plus(Duration.ofMinutes(30));
        SaleScenario sale = new SaleScenario(starting(START, null, sellingEnd, null));
        sale.clock.set(sellingEnd.minus(HOLD).minus(MILLISECOND));
        assertThat(sale.ask(hold(1, ALICE, 1), ReservationHeld.class).heldUntil())
                .as("a hold that ends before")
                .isEqualTo(sellingEnd.minus(MILLISECOND));
        sale.clock.set(sellingEnd.minus(Duration.ofMinutes(1)));
        sale.ask(hold(2, BOB, 2), ReservationHeld.class);
        sale.clock.set(sellingEnd.minus(MILLISECOND));
        assertThat(sale.ask(pay(2, BOB, 2), PaymentRequested.class).payBefore()).isAfter(sellingEnd);
        sale.clock.set(sellingEnd.plus(Duration.ofMinutes(1)));
        assertThat(sale.ask(confirm(2, 2), Object.class))
                .as("a payment under way is finished")
                .isInstanceOf(ReservationConfirmed.class);
        sale.refuses(pay(1, ALICE, 1), RefusalCode.HOLD_EXPIRED);
        assertThat(sale.factsOf(expire(1))).contains("ReservationExpired");
    }

    @Test
    void holding_may_end_before_selling() {
        Instant holdingEnd = START.minus(Duration.ofMinutes(10));
        SaleScenario sale = new SaleScenario(starting(START, holdingEnd, null, null));
        sale.clock.set(holdingEnd.minus(MILLISECOND));
        sale.ask(hold(1, ALICE, 1), ReservationHeld.class);
        sale.clock.set(holdingEnd);
        sale.refuses(hold(2, BOB, 2), RefusalCode.SALE_CLOSED);
        sale.ask(pay(1, ALICE, 1), PaymentRequested.class);
    }

    @Test
    void a_booking_can_be_cancelled_until_the_show_starts() {
        for (Instant late : new Instant[] {START, START.plus(MILLISECOND)}) {
            SaleScenario sale = booked(starting(START, null, null, null));
            sale.clock.set(late);
            sale.refuses(cancel(1, ALICE), RefusalCode.CANCELLATION_CLOSED);
            sale.refuses(cancel(1, BOB), RefusalCode.RESERVATION_NOT_FOUND);
        }
        SaleScenario sale = booked(starting(START, null, null, null));
        sale.clock.set(START.minus(MILLISECOND));
        ReservationCancelled first = sale.ask(cancel(1, ALICE), ReservationCancelled.class);
        sale.clock.set(START.plus(Duration.ofDays(1)));
        assertThat(sale.ask(cancel(1, ALICE), ReservationCancelled.class))
                .as("a repeat")
                .isEqualTo(first);
    }

    @Test
    void the_operator_sets_when_cancelling_ends() {
        for (Instant until : new Instant[] {START.minus(Duration.ofHours(1)), START.plus(Duration.ofHours(1))}) {
            SaleScenario early = booked(starting(START, null, null, until));
            early.clock.set(until.minus(MILLISECOND));
            assertThat(early.factsOf(cancel(1, ALICE))).contains("ReservationCancelled", "SeatFreed");
            SaleScenario late = booked(starting(START, null, null, until));
            late.clock.set(until);
            late.refuses(cancel(1, ALICE), RefusalCode.CANCELLATION_CLOSED);
        }
    }

    @Test
    void a_hold_that_is_not_paid_for_is_given_back_at_any_time() {
        Instant sellingEnd = START.plus(Duration.ofHours(1));
        SaleScenario sale = new SaleScenario(starting(START, null, sellingEnd, null));
        sale.clock.set(START.plus(Duration.ofMinutes(5)));
        sale.given(hold(1, ALICE, 1), hold(2, BOB, 2), pay(2, BOB, 2));
        assertThat(sale.factsOf(cancel(1, ALICE))).contains("SeatReleased");
        assertThat(sale.factsOf(cancel(2, BOB))).as("under a payment").contains("SeatReleased");
    }

    @Test
    void the_operator_cannot_open_a_sale_whose_show_has_begun() {
        SaleScenario sale = new SaleScenario(starting(START, null, null, null));
        sale.given(new CloseSale(SaleScenario.TONIGHT, OperatorId.of("olivia")));
        sale.clock.set(START.minus(MILLISECOND));
        sale.given(new OpenSale(SaleScenario.TONIGHT), new CloseSale(SaleScenario.TONIGHT, OperatorId.of("olivia")));
        sale.clock.set(START);
        sale.refuses(new OpenSale(SaleScenario.TONIGHT), RefusalCode.SALE_CLOSED);
    }

    @Test
    void a_show_that_has_begun_is_not_scheduled_unless_selling_goes_on() {
        SaleScenario sale = new SaleScenario();
        for (Instant begun : new Instant[] {NOON, NOON.minus(MILLISECOND), NOON.minus(Duration.ofDays(1))}) {
            sale.refuses(another(sale, starting(begun, null, null, null)), RefusalCode.INVALID_WINDOW);
            sale.refuses(another(sale, starting(begun, NOON, null, null)), RefusalCode.INVALID_WINDOW);
            sale.refuses(another(sale, starting(begun, null, NOON, null)), RefusalCode.INVALID_WINDOW);
        }
        sale.ask(another(sale, starting(NOON.plus(MILLISECOND), null, null, null)), PerformanceScheduled.class);
        Instant later = NOON.plus(MILLISECOND);
        sale.ask(another(sale, starting(NOON.minusSeconds(60), later, null, null)), PerformanceScheduled.class);
        sale.ask(another(sale, starting(NOON.minusSeconds(60), null, later, null)), PerformanceScheduled.class);
    }

    @Test
    void holding_does_not_end_after_selling() {
        SaleScenario sale = new SaleScenario();
        sale.refuses(another(sale, starting(START, START.plus(MILLISECOND), START, null)), RefusalCode.INVALID_WINDOW);
        sale.ask(another(sale, starting(START, START, START, null)), PerformanceScheduled.class);
    }

    @Test
    void a_repeat_of_the_order_is_answered_as_the_first_after_the_show_too() {
        SaleScenario sale = new SaleScenario();
        SchedulePerformance order = another(sale, starting(START, null, null, null));
        PerformanceScheduled first = sale.ask(order, PerformanceScheduled.class);
        sale.clock.set(START.plus(Duration.ofDays(1)));
        assertThat(sale.ask(order, PerformanceScheduled.class)).isEqualTo(first);
        sale.refuses(
                with(order, order.performanceId(), START, null, null, START.plusSeconds(1)),
                RefusalCode.IDEMPOTENCY_KEY_REUSED);
    }

    private static SaleScenario booked(UnaryOperator<SchedulePerformance> terms) {
        return new SaleScenario(terms).given(hold(1, ALICE, 1), pay(1, ALICE, 1), confirm(1, 1));
    }

    private static SchedulePerformance another(SaleScenario sale, UnaryOperator<SchedulePerformance> terms) {
        SchedulePerformance order = terms.apply(sale.schedule());
        return with(
                order,
                PerformanceId.next(),
                order.startsAt(),
                order.holdingEndsAt(),
                order.sellingEndsAt(),
                order.cancellableUntil());
    }

    private static UnaryOperator<SchedulePerformance> starting(
            Instant startsAt,
            @Nullable Instant holdingEndsAt,
            @Nullable Instant sellingEndsAt,
            @Nullable Instant cancellableUntil) {
        return order -> with(order, order.performanceId(), startsAt, holdingEndsAt, sellingEndsAt, cancellableUntil);
    }

    private static SchedulePerformance with(
            SchedulePerformance order,
            PerformanceId id,
            Instant startsAt,
            @Nullable Instant holdingEndsAt,
            @Nullable Instant sellingEndsAt,
            @Nullable Instant cancellableUntil) {
        return new SchedulePerformance(
                id,
                order.title(),
                startsAt,
                order.seatingPlan(),
                order.priceZones(),
                order.saleOpensAt().minus(Duration.ofDays(7)),
                order.saleClosesAt(),
                order.maxSeatsPerBuyer(),
                order.holdDuration(),
                order.waitingRoom(),
                holdingEndsAt,
                sellingEndsAt,
                cancellableUntil);
    }
}
