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
 * Applies each kind of disturbance to each call of a checkout, in the whole application with MariaDB, Kafka, Redis and
 * a gateway with its own ledger. Crashes are real: the process is killed at the call and the next process continues
 * from the database. At the end the log, the gateway's ledger, the read models and the guard must agree: money is taken
 * if and only if the seat is booked, and no hold, coupon or point is left.
 *
 * <p>{@link Play} runs the cells; {@link Cell} has the plan and the expected result of one cell.
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

    /** Fails if the planned disturbance did not occur, because the cell would then show nothing. */
    private void requireStruck(Cell cell, SoftAssertions agree) {
        List<String> strikes = play0().stage().strikes(cell.toString());
        for (String strike : cell.strikes()) {
            agree.assertThat(strikes)
                    .as("%s: disturbances that occurred", cell)
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
        agree.assertThat(seen.status())
                .as("%s: reservation as its buyer reads it", cell)
                .isEqualTo(status);
        SeatState seat = cell.books() ? SeatState.BOOKED : SeatState.AVAILABLE;
        agree.assertThat(end().seatInLog(cell, play0()))
                .as("%s: its seat in the log", cell)
                .isEqualTo(seat);
        agree.assertThat(end().seatInMap(cell.seat()))
                .as("%s: its seat on the map", cell)
                .isEqualTo(seat);
        agree.assertThat(seen.seatRefusedWith())
                .as("%s: refusal of the next hold of the seat", cell)
                .isEqualTo(cell.books() ? "SEAT_TAKEN" : "");
    }

    private void requireMoney(Cell cell, SoftAssertions agree) {
        Booked books = end().booked(cell.payment());
        boolean byCard = !cell.row().withPoints();
        agree.assertThat(books.kept())
                .as("%s: amount kept by the gateway", cell)
                .isEqualTo(cell.books() && byCard ? Cell.AMOUNT : 0);
        agree.assertThat(books.open())
                .as("%s: amount still authorised at the gateway", cell)
                .isZero();
        agree.assertThat(books.authorized())
                .as("%s: amount ever authorised", cell)
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
            agree.assertThat(books).as("%s: no ledger entries", cell).isEqualTo(Booked.NOTHING);
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

    /** All repeated records were published and consumed before the read models were compared. */
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
