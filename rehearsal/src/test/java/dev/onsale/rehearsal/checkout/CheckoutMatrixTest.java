package dev.onsale.rehearsal.checkout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.payment.PaymentAuthorized;
import dev.onsale.api.payment.PaymentCaptured;
import dev.onsale.api.payment.PaymentRefunded;
import dev.onsale.api.payment.PaymentVoided;
import dev.onsale.api.view.ReservationStatus;
import dev.onsale.api.view.SeatState;
import dev.onsale.rehearsal.checkout.Ending.Seen;
import dev.onsale.rehearsal.checkout.GatewayBooks.Booked;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Every call of a checkout, to the command side and to the gateway, disturbed in every way, in the whole application: the real aggregates
 * on their database, Kafka, Redis, and a gateway with books of its own. Crashes are real: the process is killed while each of them is
 * exactly there, and the next one goes on from the database. In the end the log, the gateway's books, what can be read and the guard tell
 * the same story: money is taken if and only if the seat is booked, and no hold, coupon or point is left behind.
 *
 * <p>{@link Play} says what happens when; a {@link Cell} what is planned for it and what it has to come to.
 */
@Order(1)
@ResourceLock(value = "heap", mode = ResourceAccessMode.READ)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("services")
class CheckoutMatrixTest {

    private @Nullable Play play;
    private @Nullable Ending ending;

    @BeforeAll
    void play() throws Exception {
        Play begun = new Play();
        play = begun;
        begun.begin();
        ending = Ending.of(begun);
    }

    @AfterAll
    void stop() throws Exception {
        if (play != null) {
            play.stop();
        }
    }

    @TestFactory
    Stream<DynamicContainer> however_a_call_is_disturbed_money_seats_coupons_and_points_agree_in_the_end() {
        return Arrays.stream(Row.values())
                .map(row -> DynamicContainer.dynamicContainer(
                        row + " (" + row.call + ")",
                        Arrays.stream(Column.values())
                                .map(column -> new Cell(row, column))
                                .map(cell -> DynamicTest.dynamicTest(cell.toString(), () -> judge(cell)))));
    }

    private void judge(Cell cell) {
        cell.impossibleBecause().ifPresent(reason -> Assumptions.abort(cell + " cannot be: " + reason));
        SoftAssertions agree = new SoftAssertions();
        requireStruck(cell, agree);
        requireBooked(cell, agree);
        requireMoney(cell, agree);
        requireCouponAndPoints(cell, agree);
        agree.assertAll();
    }

    /** A cell that nothing happened to shows nothing. */
    private void requireStruck(Cell cell, SoftAssertions agree) {
        List<String> strikes = play0().stage().strikes(cell.toString());
        for (String strike : cell.strikes()) {
            agree.assertThat(strikes)
                    .as("%s: what happened to it", cell)
                    .anyMatch(happened -> happened.startsWith(strike));
        }
    }

    private void requireBooked(Cell cell, SoftAssertions agree) {
        ReservationStatus status = end().status(cell);
        Seen seen = end().seen(cell);
        agree.assertThat(status == ReservationStatus.CONFIRMED)
                .as("%s: booked", cell)
                .isEqualTo(cell.books());
        agree.assertThat(status)
                .as("%s: no hold is left", cell)
                .isIn(ReservationStatus.CONFIRMED, ReservationStatus.CANCELLED, ReservationStatus.EXPIRED);
        agree.assertThat(seen.status()).as("%s: what its buyer reads", cell).isEqualTo(status);
        SeatState seat = cell.books() ? SeatState.BOOKED : SeatState.AVAILABLE;
        agree.assertThat(end().seatInLog(cell, play0()))
                .as("%s: its seat in the log", cell)
                .isEqualTo(seat);
        agree.assertThat(end().seatInMap(cell.seat()))
                .as("%s: its seat on the map", cell)
                .isEqualTo(seat);
        agree.assertThat(seen.seatRefusedWith())
                .as("%s: what the guard says to the next who wants the seat", cell)
                .isEqualTo(cell.books() ? "SEAT_TAKEN" : "");
    }

    private void requireMoney(Cell cell, SoftAssertions agree) {
        Booked books = end().booked(cell.payment());
        boolean byCard = !cell.row().withPoints();
        agree.assertThat(books.kept())
                .as("%s: what the gateway keeps", cell)
                .isEqualTo(cell.books() && byCard ? Cell.AMOUNT : 0);
        agree.assertThat(books.open())
                .as("%s: what stays reserved at the gateway", cell)
                .isZero();
        agree.assertThat(books.authorized())
                .as("%s: what was ever reserved", cell)
                .isIn(0L, Cell.AMOUNT);
        long captured = end().count(cell.payment(), PaymentCaptured.class);
        long refunded = end().count(cell.payment(), PaymentRefunded.class);
        agree.assertThat(end().count(cell.payment(), PaymentAuthorized.class))
                .as("%s: authorisations in the log", cell)
                .isLessThanOrEqualTo(1);
        agree.assertThat(end().count(cell.payment(), PaymentVoided.class) + refunded)
                .as("%s: returns in the log", cell)
                .isLessThanOrEqualTo(1);
        agree.assertThat(captured).as("%s: captures in the log", cell).isLessThanOrEqualTo(1);
        agree.assertThat(captured - refunded).as("%s: money in the log", cell).isEqualTo(cell.books() ? 1 : 0);
        if (byCard) {
            agree.assertThat(books.captured()).as("%s: captures", cell).isEqualTo(captured * Cell.AMOUNT);
            agree.assertThat(books.refunded()).as("%s: refunds", cell).isEqualTo(refunded * Cell.AMOUNT);
        } else {
            agree.assertThat(books).as("%s: no business of the gateway's", cell).isEqualTo(Booked.NOTHING);
        }
    }

    private void requireCouponAndPoints(Cell cell, SoftAssertions agree) {
        Seen seen = end().seen(cell);
        if (cell.row().story != Row.Story.UNPAID) {
            boolean used = cell.books() || cell.hasRival();
            agree.assertThat(end().isUsed(play0().coupon(cell).couponId()))
                    .as("%s: its coupon is used", cell)
                    .isEqualTo(used);
            agree.assertThat(seen.coupon())
                    .as("%s: its coupon as its buyer reads it", cell)
                    .isEqualTo(used ? "REDEEMED" : "ISSUED");
        }
        boolean empty = cell.row() == Row.DEBIT_POINTS && cell.column() == Column.REFUSAL;
        long charged = !cell.row().withPoints() ? 0 : empty ? 1 : Cell.CHARGE;
        long balance = charged - (cell.row().withPoints() && cell.books() ? Cell.AMOUNT : 0);
        agree.assertThat(end().balance(cell)).as("%s: points in the log", cell).isEqualTo(balance);
        agree.assertThat(seen.balance())
                .as("%s: points as their owner reads them", cell)
                .isEqualTo(balance);
    }

    @Test
    void the_log_as_a_whole_keeps_every_promise() {
        assertThat(end().findings().broken()).isEmpty();
    }

    @Test
    void no_step_and_no_saga_is_left() {
        assertThat(end().stepsLeft()).isZero();
        assertThat(end().sagasLeft()).isZero();
    }

    /** Told and consumed before anything was read that the cells are judged by. */
    @Test
    void facts_that_Kafka_told_twice_and_late_were_consumed() {
        assertThat(end().toldAgain()).isGreaterThanOrEqualTo(Row.values().length);
    }

    private Play play0() {
        return Objects.requireNonNull(play);
    }

    private Ending end() {
        return Objects.requireNonNull(ending);
    }
}
