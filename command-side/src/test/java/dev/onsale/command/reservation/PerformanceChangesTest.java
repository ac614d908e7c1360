package dev.onsale.command.reservation;

import static dev.onsale.command.reservation.SaleScenario.ALICE;
import static dev.onsale.command.reservation.SaleScenario.BOB;
import static dev.onsale.command.reservation.SaleScenario.TONIGHT;
import static dev.onsale.command.reservation.SaleScenario.hold;
import static dev.onsale.command.reservation.SaleScenario.pay;
import static dev.onsale.command.reservation.TestClock.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.onsale.api.Money;
import dev.onsale.api.OperatorAction;
import dev.onsale.api.OperatorId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.Revision;
import dev.onsale.api.performance.ChangePerformance;
import dev.onsale.api.performance.PerformanceChange;
import dev.onsale.api.performance.PerformanceTerms;
import dev.onsale.api.performance.PriceZone;
import dev.onsale.api.reservation.ReservationHeld;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PerformanceChangesTest {

    private static final OperatorAction OPERATOR = new OperatorAction(OperatorId.of("op"), null);
    private static final Instant SHOW = NOON.plus(Duration.ofDays(1));

    private final SaleScenario sale = new SaleScenario();

    @AfterEach
    void close() {
        sale.close();
    }

    private static ChangePerformance change(PerformanceChange change) {
        return new ChangePerformance(TONIGHT, change, OPERATOR, null);
    }

    private static PerformanceChange prices(long minor, String currency, @Nullable Instant from) {
        return new PerformanceChange(
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(new PriceZone("Stalls", Money.of(minor, currency))),
                from);
    }

    private static PerformanceChange price(long minor) {
        return prices(minor, "EUR", null);
    }

    private static PerformanceChange limit(int seats) {
        return new PerformanceChange(null, null, null, null, null, null, null, null, seats, null, null, null);
    }

    private static PerformanceChange holdFor(Duration duration) {
        return new PerformanceChange(null, null, null, null, null, null, null, null, null, duration, null, null);
    }

    private static PerformanceChange start(Instant startsAt, @Nullable Instant giveBackUntil) {
        return new PerformanceChange(
                null, startsAt, null, null, null, null, null, giveBackUntil, null, null, null, null);
    }

    private static PerformanceChange window(@Nullable Instant opensAt, @Nullable Instant closesAt) {
        return new PerformanceChange(null, null, opensAt, closesAt, null, null, null, null, null, null, null, null);
    }

    private long priceOfHold(int reservation, int seat) {
        return sale.ask(hold(reservation, ALICE, seat), ReservationHeld.class)
                .total()
                .minorUnits();
    }

    @Test
    void a_hold_keeps_its_price_and_the_next_one_has_the_new_price() {
        ReservationHeld before = sale.ask(hold(1, ALICE, 1), ReservationHeld.class);
        assertThat(sale.factsOf(change(price(5_900)))).containsExactly("PricesChanged");
        assertThat(priceOfHold(2, 2)).isEqualTo(5_900);
        assertThat(before.total().minorUnits()).isEqualTo(4_900);
        assertThat(sale.factsOf(pay(1, ALICE, 1))).containsExactly("PaymentRequested");
    }

    @Test
    void prices_are_in_force_from_their_instant_on() {
        sale.given(change(prices(5_900, "EUR", NOON.plusSeconds(60))));
        sale.clock.advance(Duration.ofSeconds(60).minusNanos(1));
        assertThat(priceOfHold(1, 1)).isEqualTo(4_900);
        sale.clock.advance(Duration.ofNanos(1));
        assertThat(priceOfHold(2, 2)).isEqualTo(5_900);
        sale.clock.advance(Duration.ofNanos(1));
        assertThat(priceOfHold(3, 3)).isEqualTo(5_900);
    }

    @Test
    void a_price_that_begins_later_stays_planned_when_another_begins_before_it() {
        sale.given(change(prices(5_900, "EUR", NOON.plusSeconds(60))), change(prices(3_900, "EUR", null)));
        assertThat(priceOfHold(1, 1)).isEqualTo(3_900);
        sale.clock.advance(Duration.ofSeconds(60));
        assertThat(priceOfHold(2, 2)).isEqualTo(5_900);
    }

    @Test
    void of_two_prices_for_one_instant_the_later_decision_counts() {
        Instant from = NOON.plusSeconds(60);
        sale.given(change(prices(5_900, "EUR", from)), change(prices(6_900, "EUR", from)));
        sale.clock.advance(Duration.ofSeconds(60));
        assertThat(priceOfHold(1, 1)).isEqualTo(6_900);
    }

    @Test
    void bad_prices_are_refused() {
        sale.refuses(change(prices(0, "EUR", null)), RefusalCode.INVALID_PRICE);
        sale.refuses(change(prices(4_900, "USD", null)), RefusalCode.INVALID_PRICE);
        sale.refuses(change(prices(5_900, "EUR", NOON.minusNanos(1))), RefusalCode.INVALID_WINDOW);
        PerformanceChange unknown = new PerformanceChange(
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(new PriceZone("Box", Money.of(1, "EUR"))),
                null);
        sale.refuses(change(unknown), RefusalCode.UNKNOWN_PRICE_ZONE);
    }

    @Test
    void a_lower_limit_is_for_new_holds_and_takes_nothing_back() {
        sale.given(hold(1, ALICE, 1, 2, 3), change(limit(2)));
        sale.refuses(hold(2, ALICE, 4), RefusalCode.ALLOWANCE_EXCEEDED);
        sale.refuses(hold(3, BOB, 4, 5, 6), RefusalCode.TOO_MANY_SEATS);
        assertThat(sale.factsOf(hold(4, BOB, 4, 5))).contains("SeatHeld");
        assertThat(sale.factsOf(pay(1, ALICE, 1))).containsExactly("PaymentRequested");
    }

    @Test
    void a_higher_limit_lets_a_buyer_hold_more() {
        sale.given(hold(1, ALICE, 1, 2, 3, 4));
        sale.refuses(hold(2, ALICE, 5), RefusalCode.ALLOWANCE_EXCEEDED);
        sale.given(change(limit(5)));
        assertThat(sale.factsOf(hold(2, ALICE, 5))).contains("SeatHeld");
        sale.refuses(change(limit(51)), RefusalCode.INVALID_REQUEST);
        sale.refuses(change(limit(0)), RefusalCode.INVALID_REQUEST);
    }

    @Test
    void a_hold_keeps_its_end_when_the_duration_changes() {
        Instant before = sale.ask(hold(1, ALICE, 1), ReservationHeld.class).heldUntil();
        sale.given(change(holdFor(Duration.ofMinutes(1))));
        assertThat(sale.ask(hold(2, ALICE, 2), ReservationHeld.class).heldUntil())
                .isEqualTo(NOON.plusSeconds(60));
        assertThat(before).isEqualTo(NOON.plus(SaleScenario.HOLD));
        sale.refuses(change(holdFor(Duration.ofMinutes(61))), RefusalCode.INVALID_REQUEST);
    }

    @Test
    void the_window_can_be_extended_and_shortened_into_the_future_only() {
        sale.given(change(window(null, NOON.plusSeconds(10))));
        sale.clock.advance(Duration.ofSeconds(10).minusNanos(1));
        assertThat(sale.factsOf(hold(1, ALICE, 1))).contains("SeatHeld");
        sale.clock.advance(Duration.ofNanos(1));
        sale.refuses(hold(2, ALICE, 2), RefusalCode.SALE_CLOSED);
        sale.refuses(change(window(null, NOON.plusSeconds(5))), RefusalCode.INVALID_WINDOW);
        sale.given(change(window(null, NOON.plusSeconds(20))));
        assertThat(sale.factsOf(hold(2, ALICE, 2))).contains("SeatHeld");
    }

    @Test
    void a_sale_that_has_opened_does_not_open_at_another_instant() {
        sale.refuses(change(window(NOON.plusSeconds(5), null)), RefusalCode.INVALID_WINDOW);
    }

    @Test
    void a_postponed_show_keeps_bookings_and_moves_the_instants_that_were_its_start() {
        sale.given(hold(1, ALICE, 1), pay(1, ALICE, 1), SaleScenario.confirm(1, 1));
        Instant later = SHOW.plus(Duration.ofDays(7));
        assertThat(sale.factsOf(change(start(later, null)))).containsExactly("PerformancePostponed");
        sale.clock.advance(Duration.ofDays(2));
        assertThat(sale.factsOf(SaleScenario.cancel(1, ALICE))).contains("ReservationCancelled");
    }

    @Test
    void tickets_of_a_postponed_show_can_be_given_back_until_an_instant_of_its_own() {
        sale.given(hold(1, ALICE, 1), pay(1, ALICE, 1), SaleScenario.confirm(1, 1));
        sale.given(hold(2, BOB, 2), pay(2, BOB, 2), SaleScenario.confirm(2, 2));
        Instant later = SHOW.plus(Duration.ofDays(7));
        PerformanceChange change = new PerformanceChange(
                null,
                later,
                null,
                null,
                null,
                null,
                NOON.plusSeconds(10),
                NOON.plusSeconds(60),
                null,
                null,
                null,
                null);
        assertThat(sale.factsOf(change(change))).containsExactly("PerformancePostponed", "SaleWindowChanged");
        sale.clock.advance(Duration.ofSeconds(60).minusNanos(1));
        assertThat(sale.factsOf(SaleScenario.cancel(1, ALICE))).contains("ReservationCancelled");
        sale.clock.advance(Duration.ofNanos(1));
        sale.refuses(SaleScenario.cancel(2, BOB), RefusalCode.CANCELLATION_CLOSED);
    }

    @Test
    void a_show_does_not_begin_earlier_and_gives_no_time_back_without_a_postponement() {
        sale.refuses(change(start(SHOW.minusSeconds(1), null)), RefusalCode.INVALID_WINDOW);
        PerformanceChange giveBack = new PerformanceChange(
                null, null, null, null, null, null, null, NOON.plusSeconds(60), null, null, null, null);
        sale.refuses(change(giveBack), RefusalCode.INVALID_WINDOW);
    }

    @Test
    void one_bad_part_refuses_the_whole_change() {
        PerformanceChange half =
                new PerformanceChange("Tomorrow", null, null, null, null, null, null, null, 99, null, null, null);
        sale.refuses(change(half), RefusalCode.INVALID_REQUEST);
        PerformanceChange whole =
                new PerformanceChange("Tomorrow", null, null, null, null, null, null, null, 3, null, null, null);
        assertThat(sale.factsOf(change(whole))).containsExactly("PerformanceRenamed", "LimitChanged");
    }

    @Test
    void a_change_that_is_made_already_makes_no_fact() {
        sale.given(change(limit(2)));
        assertThat(sale.factsOf(change(limit(2)))).isEmpty();
        assertThat(sale.factsOf(new ChangePerformance(TONIGHT, limit(2), OPERATOR, new Revision(0, true))))
                .as("a repeat of a request with an old revision")
                .isEmpty();
    }

    @Test
    void the_second_of_two_operators_hears_what_the_first_has_changed() {
        sale.given(new ChangePerformance(TONIGHT, limit(2), OPERATOR, new Revision(0, false)));
        RefusedException refused = catchThrowableOfType(
                RefusedException.class,
                () -> sale.ask(
                        new ChangePerformance(TONIGHT, limit(3), OPERATOR, new Revision(0, false)), Object.class));
        assertThat(refused.code()).isEqualTo(RefusalCode.CHANGED_MEANWHILE);
        assertThat(refused.faults()).singleElement().satisfies(fault -> assertThat(fault.problem())
                .contains("onsale.limit-changed by op"));
        sale.refuses(
                new ChangePerformance(TONIGHT, limit(3), OPERATOR, new Revision(0, true)), RefusalCode.STALE_REVISION);
        PerformanceTerms terms = sale.ask(
                new ChangePerformance(TONIGHT, limit(3), OPERATOR, new Revision(1, true)), PerformanceTerms.class);
        assertThat(terms.revision()).isEqualTo(2);
    }

    @Test
    void a_sale_that_is_over_does_not_change() {
        sale.clock.advance(Duration.ofDays(1).minusNanos(1));
        assertThat(sale.factsOf(change(limit(2)))).containsExactly("LimitChanged");
        sale.clock.advance(Duration.ofNanos(1));
        sale.refuses(change(limit(3)), RefusalCode.SALE_OVER);
    }

    @Test
    void a_repeat_of_the_schedule_is_answered_as_before_the_changes() {
        sale.given(change(limit(2)), change(price(100)));
        assertThat(sale.factsOf(sale.schedule())).isEmpty();
    }
}
