package dev.onsale.saga.reservation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.PaymentId;
import dev.onsale.api.payment.PaymentAuthorized;
import dev.onsale.api.payment.PaymentCaptured;
import dev.onsale.api.payment.PaymentDeclined;
import dev.onsale.api.payment.PaymentInitiated;
import dev.onsale.api.payment.PaymentRefunded;
import dev.onsale.api.reservation.BookingRevoked;
import dev.onsale.api.reservation.PaymentRequested;
import dev.onsale.api.reservation.ReservationCancelled;
import dev.onsale.api.reservation.ReservationConfirmed;
import dev.onsale.api.reservation.ReservationExpired;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.paymentsimulator.PaymentSimulator;
import dev.onsale.paymentsimulator.SimulatorOptions;
import dev.onsale.saga.reservation.Disturber.Disturbance;
import dev.onsale.testsupport.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Every step of a checkout, disturbed in every way, all at once in one process: at the end the gateway's books, the log and the coupons
 * tell the same story, and no hold is left. What real kills add is in {@link KilledCheckoutTest}.
 */
class CheckoutMatrixTest {

    private static final Duration HOLD = Duration.ofMinutes(5);
    private static final Duration PAYMENT_WINDOW = Duration.ofMinutes(2);
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final int PRICE = 4_900;

    private enum StepUnderTest {
        AUTHORIZE("authorize-payment", "authorize", PaymentRequested.class),
        CONFIRM("confirm-reservation", "", PaymentAuthorized.class),
        CAPTURE("capture-payment", "capture", ReservationConfirmed.class),
        GIVE_BACK("give-back-payment", "give-back", PaymentAuthorized.class),
        FAIL("fail-payment", "", PaymentDeclined.class),
        EXPIRE("expire-reservation", "", ReservationHeld.class);

        final String kind;
        final String gatewayCall;
        final Class<? extends OnsaleEvent> trigger;

        StepUnderTest(String kind, String gatewayCall, Class<? extends OnsaleEvent> trigger) {
            this.kind = kind;
            this.gatewayCall = gatewayCall;
            this.trigger = trigger;
        }
    }

    private enum How {
        SUCCESS,
        REFUSAL,
        TIME_OUT_BEFORE,
        TIME_OUT_AFTER_THE_EFFECT,
        CRASH_BEFORE,
        CRASH_AFTER,
        DUPLICATE_EVENT,
        LATE_EVENT
    }

    private record Cell(StepUnderTest step, How how, Facts facts, PaymentId payment) {

        boolean isBooked() {
            return switch (step) {
                case AUTHORIZE, CONFIRM, CAPTURE -> how != How.REFUSAL && how != How.LATE_EVENT;
                case GIVE_BACK, FAIL, EXPIRE -> false;
            };
        }

        String card() {
            boolean declined = step == StepUnderTest.FAIL || (step == StepUnderTest.AUTHORIZE && how == How.REFUSAL);
            return declined ? "tok_declined_card" : "tok_approved";
        }

        @Override
        public String toString() {
            return step + " x " + how;
        }
    }

    private final TestDatabase database = TestDatabase.fresh();
    private final MovableClock clock = new MovableClock();
    private final Disturber disturber = new Disturber();

    private List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        for (StepUnderTest step : StepUnderTest.values()) {
            for (How how : How.values()) {
                cells.add(new Cell(step, how, Facts.ofAHold(clock.instant(), HOLD, PAYMENT_WINDOW), PaymentId.next()));
            }
        }
        return cells;
    }

    @Test
    void whatever_happens_at_whatever_step_money_seats_and_coupons_agree_in_the_end() throws Exception {
        try (PaymentSimulator gateway =
                        PaymentSimulator.start(SimulatorOptions.defaults().withDelay(Duration.ZERO, Duration.ZERO));
                SagaHost host = SagaHost.start(database, gateway.baseUri(), clock, disturber)) {
            host.awaitReady();
            List<Cell> cells = cells();
            cells.forEach(cell -> plan(cell, host.backOffice()));
            cells.forEach(cell -> play(cell, host.backOffice()));
            Awaitility.await("every payment has its outcome").atMost(LIMIT).until(() -> cells.stream()
                    .filter(cell -> cell.step() != StepUnderTest.EXPIRE)
                    .allMatch(cell -> isSettled(cell, host.backOffice())));
            clock.advance(HOLD.plus(PAYMENT_WINDOW));
            Awaitility.await("nothing is left to do")
                    .atMost(LIMIT)
                    .until(() -> host.count("saga_step") == 0 && host.count("saga") == 0);
            assertThat(disturber.left()).as("disturbances that never happened").isEmpty();
            GatewayLedger books = GatewayLedger.of(gateway.baseUri());
            SoftAssertions agree = new SoftAssertions();
            cells.forEach(cell -> requireAgreement(cell, host.backOffice(), books, agree));
            agree.assertAll();
        }
    }

    private void plan(Cell cell, BackOffice office) {
        PaymentId payment = cell.payment();
        if (cell.step() == StepUnderTest.GIVE_BACK
                || (cell.step() == StepUnderTest.CONFIRM && cell.how() == How.REFUSAL)) {
            office.unconfirmable.add(cell.facts().reservation());
        }
        Object stepId = cell.step() == StepUnderTest.EXPIRE ? cell.facts().reservation() + "/held" : payment;
        boolean asksGateway = !cell.step().gatewayCall.isEmpty();
        switch (cell.how()) {
            case SUCCESS -> {}
            case REFUSAL -> {
                if (cell.step() == StepUnderTest.CAPTURE || cell.step() == StepUnderTest.GIVE_BACK) {
                    disturber.atGateway(cell.step().gatewayCall, payment, Disturbance.REFUSED);
                } else if (cell.step() == StepUnderTest.FAIL || cell.step() == StepUnderTest.EXPIRE) {
                    disturber.atStep(cell.step().kind, stepId, Disturbance.FAIL_BEFORE);
                }
            }
            case TIME_OUT_BEFORE -> {
                if (asksGateway) {
                    disturber.atGateway(cell.step().gatewayCall, payment, Disturbance.UNKNOWN_BEFORE);
                } else {
                    disturber.atStep(cell.step().kind, stepId, Disturbance.FAIL_BEFORE);
                }
            }
            case TIME_OUT_AFTER_THE_EFFECT -> {
                if (asksGateway) {
                    disturber.atGateway(cell.step().gatewayCall, payment, Disturbance.UNKNOWN_AFTER);
                } else {
                    disturber.atStep(cell.step().kind, stepId, Disturbance.FAIL_AFTER);
                }
            }
            case CRASH_BEFORE -> disturber.atStep(cell.step().kind, stepId, Disturbance.FAIL_BEFORE);
            case CRASH_AFTER -> disturber.atStep(cell.step().kind, stepId, Disturbance.FAIL_AFTER);
            case DUPLICATE_EVENT ->
                office.repeated(cell.step().trigger, cell.facts().reservation());
            case LATE_EVENT -> {
                if (cell.step() == StepUnderTest.CAPTURE) {
                    office.cancelled.add(cell.facts().reservation());
                } else if (cell.step() != StepUnderTest.EXPIRE) {
                    // A payment is never requested of a hold that is over: here the hold ends when the payment has
                    // begun.
                    boolean begins = cell.step() == StepUnderTest.AUTHORIZE;
                    office.overtaken(begins ? PaymentInitiated.class : cell.step().trigger, cell.facts());
                }
            }
        }
    }

    private void play(Cell cell, BackOffice office) {
        office.happened(cell.facts().held());
        if (cell.step() == StepUnderTest.EXPIRE) {
            if (cell.how() == How.LATE_EVENT) {
                office.happened(cell.facts().cancelled(null, clock.instant()));
            }
            return;
        }
        office.happened(
                cell.facts().discounted(cell.payment(), clock.instant()),
                cell.facts().requested(cell.payment(), cell.card(), clock.instant()));
    }

    private static boolean isSettled(Cell cell, BackOffice office) {
        List<OnsaleEvent> payment = office.historyOf(cell.payment());
        if (payment.isEmpty()) {
            return false;
        }
        boolean captured = payment.stream().anyMatch(PaymentCaptured.class::isInstance);
        boolean back = payment.stream()
                .anyMatch(fact -> fact instanceof PaymentRefunded
                        || fact instanceof PaymentDeclined
                        || fact instanceof dev.onsale.api.payment.PaymentVoided);
        return back || (captured && cell.isBooked());
    }

    private static void requireAgreement(Cell cell, BackOffice office, GatewayLedger books, SoftAssertions agree) {
        List<OnsaleEvent> reservation = office.historyOf(cell.facts().reservation());
        boolean confirmed = reservation.stream().anyMatch(ReservationConfirmed.class::isInstance);
        boolean ended = reservation.stream()
                .anyMatch(fact -> fact instanceof ReservationCancelled || fact instanceof BookingRevoked);
        boolean expired = reservation.stream().anyMatch(ReservationExpired.class::isInstance);
        boolean booked = confirmed && !ended;
        agree.assertThat(booked).as("%s: booked", cell).isEqualTo(cell.isBooked());
        agree.assertThat(booked || ended || expired)
                .as("%s: no hold is left", cell)
                .isTrue();
        agree.assertThat(books.kept(cell.payment()))
                .as("%s: money at the gateway", cell)
                .isEqualTo(booked ? PRICE : 0);
        agree.assertThat(books.open(cell.payment()))
                .as("%s: nothing stays reserved", cell)
                .isZero();
        List<OnsaleEvent> payment = office.historyOf(cell.payment());
        long captured =
                payment.stream().filter(PaymentCaptured.class::isInstance).count();
        long refunded =
                payment.stream().filter(PaymentRefunded.class::isInstance).count();
        agree.assertThat(captured - refunded).as("%s: money in the log", cell).isEqualTo(booked ? 1 : 0);
        agree.assertThat(office.isCouponUsed(cell.payment()))
                .as("%s: coupon used", cell)
                .isEqualTo(booked);
    }
}
