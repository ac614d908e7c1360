package dev.onsale.command.payment;

import static org.axonframework.test.matchers.Matchers.matches;

import dev.onsale.api.BuyerId;
import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.ReservationId;
import dev.onsale.api.payment.InitiatePayment;
import dev.onsale.api.payment.PaymentActionRequired;
import dev.onsale.api.payment.PaymentAuthorized;
import dev.onsale.api.payment.PaymentCaptured;
import dev.onsale.api.payment.PaymentDeclined;
import dev.onsale.api.payment.PaymentDisputed;
import dev.onsale.api.payment.PaymentInitiated;
import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.api.payment.PaymentRefundReported;
import dev.onsale.api.payment.PaymentRefunded;
import dev.onsale.api.payment.PaymentVoided;
import dev.onsale.api.payment.RecordActionRequired;
import dev.onsale.api.payment.RecordAuthorization;
import dev.onsale.api.payment.RecordCapture;
import dev.onsale.api.payment.RecordDecline;
import dev.onsale.api.payment.RecordDelay;
import dev.onsale.api.payment.RecordDispute;
import dev.onsale.api.payment.RecordRefund;
import dev.onsale.api.payment.RecordRefundReport;
import dev.onsale.api.payment.RecordVoid;
import dev.onsale.api.payment.RefundStatus;
import dev.onsale.api.personal.SealedText;
import dev.onsale.api.view.PaymentStatus;
import dev.onsale.command.reservation.TestClock;
import java.time.Instant;
import java.util.UUID;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.ResultValidator;
import org.junit.jupiter.api.Test;

class PaymentRulesTest {

    private static final PaymentId PAYMENT = new PaymentId(new UUID(0x7000, 1));
    private static final ReservationId RESERVATION = new ReservationId(new UUID(0x7000, 2));
    private static final PerformanceId PERFORMANCE = new PerformanceId(new UUID(0x7000, 3));
    private static final BuyerId ALICE = BuyerId.of("alice");
    private static final Money PRICE = Money.of(4_900, "EUR");
    private static final PaymentMethod CARD = new PaymentMethod.Card("tok");
    private static final Instant NOON = TestClock.NOON;

    private static final PaymentInitiated INITIATED =
            new PaymentInitiated(PAYMENT, RESERVATION, PERFORMANCE, ALICE, PRICE, CARD, NOON);
    private static final PaymentAuthorized AUTHORIZED =
            new PaymentAuthorized(PAYMENT, RESERVATION, PERFORMANCE, "gw-1", NOON);
    private static final PaymentDeclined DECLINED =
            new PaymentDeclined(PAYMENT, RESERVATION, PERFORMANCE, "card_declined", NOON);
    private static final PaymentCaptured CAPTURED = new PaymentCaptured(PAYMENT, RESERVATION, PERFORMANCE, PRICE, NOON);
    private static final PaymentVoided VOIDED =
            new PaymentVoided(PAYMENT, RESERVATION, PERFORMANCE, "HOLD_EXPIRED", NOON);
    private static final PaymentRefunded REFUNDED = new PaymentRefunded(PAYMENT, RESERVATION, PERFORMANCE, PRICE, NOON);

    private static final InitiatePayment INITIATE =
            new InitiatePayment(PAYMENT, RESERVATION, PERFORMANCE, ALICE, PRICE, CARD);
    private static final RecordAuthorization AUTHORIZE = new RecordAuthorization(PAYMENT, "gw-1");
    private static final RecordDecline DECLINE = new RecordDecline(PAYMENT, "card_declined");
    private static final RecordCapture CAPTURE = new RecordCapture(PAYMENT);
    private static final RecordVoid VOID = new RecordVoid(PAYMENT, "HOLD_EXPIRED");
    private static final RecordRefund REFUND = new RecordRefund(PAYMENT);

    @Test
    void a_payment_is_initiated_authorised_captured_and_refunded_each_once() {
        after().when(INITIATE).expectEvents(INITIATED);
        after(INITIATED).when(INITIATE).expectNoEvents();
        after(INITIATED).when(AUTHORIZE).expectEvents(AUTHORIZED);
        after(INITIATED, AUTHORIZED).when(AUTHORIZE).expectNoEvents();
        after(INITIATED, AUTHORIZED).when(CAPTURE).expectEvents(CAPTURED);
        after(INITIATED, AUTHORIZED, CAPTURED).when(CAPTURE).expectNoEvents();
        after(INITIATED, AUTHORIZED, CAPTURED).when(REFUND).expectEvents(REFUNDED);
        after(INITIATED, AUTHORIZED, CAPTURED, REFUNDED).when(REFUND).expectNoEvents();
    }

    @Test
    void what_is_declined_or_voided_takes_no_money_any_more() {
        after(INITIATED).when(DECLINE).expectEvents(DECLINED);
        after(INITIATED, AUTHORIZED).when(VOID).expectEvents(VOIDED);
        conflicts(after(INITIATED, DECLINED).when(AUTHORIZE));
        conflicts(after(INITIATED, DECLINED).when(CAPTURE));
        conflicts(after(INITIATED, AUTHORIZED, VOIDED).when(CAPTURE));
        conflicts(after(INITIATED, AUTHORIZED, VOIDED).when(REFUND));
    }

    @Test
    void what_was_never_authorised_cannot_be_captured_and_what_was_never_captured_cannot_be_refunded() {
        conflicts(after(INITIATED).when(CAPTURE));
        conflicts(after(INITIATED).when(REFUND));
        conflicts(after(INITIATED, AUTHORIZED).when(REFUND));
        conflicts(after(INITIATED, AUTHORIZED, CAPTURED).when(VOID));
        conflicts(after(INITIATED, AUTHORIZED).when(DECLINE));
    }

    private static final SealedText SECRET = SealedText.of("opd1.key.secret");
    private static final PaymentActionRequired ASKED =
            new PaymentActionRequired(PAYMENT, RESERVATION, PERFORMANCE, "gw-1", SECRET, NOON);
    private static final RecordActionRequired ASK = new RecordActionRequired(PAYMENT, "gw-1", SECRET);

    @Test
    void a_payment_that_waits_for_its_buyer_ends_like_any_other() {
        after(INITIATED).when(ASK).expectEvents(ASKED);
        after(INITIATED, ASKED).when(ASK).expectNoEvents();
        after(INITIATED, ASKED).when(INITIATE).expectResultMessagePayload(PaymentStatus.ACTION_REQUIRED);
        after(INITIATED, ASKED).when(AUTHORIZE).expectEvents(AUTHORIZED);
        after(INITIATED, ASKED).when(DECLINE).expectEvents(DECLINED);
        after(INITIATED, ASKED).when(VOID).expectEvents(VOIDED);
        after(INITIATED, ASKED)
                .when(new RecordDelay(PAYMENT, "OUTCOME_UNKNOWN"))
                .expectNoEvents();
        after(INITIATED, ASKED, AUTHORIZED).when(ASK).expectNoEvents();
        after(INITIATED, DECLINED).when(ASK).expectNoEvents();
    }

    @Test
    void what_the_gateway_says_of_a_refund_is_told_once_for_each_change() {
        PaymentRefundReported pending = reported(RefundStatus.PENDING);
        PaymentRefundReported failed = reported(RefundStatus.FAILED);
        after(INITIATED, AUTHORIZED, CAPTURED)
                .when(report(RefundStatus.PENDING))
                .expectResultMessagePayload(true)
                .expectEvents(pending);
        after(INITIATED, AUTHORIZED, CAPTURED, pending)
                .when(report(RefundStatus.PENDING))
                .expectResultMessagePayload(false)
                .expectNoEvents();
        after(INITIATED, AUTHORIZED, CAPTURED, pending)
                .when(report(RefundStatus.FAILED))
                .expectEvents(failed);
        after(INITIATED, AUTHORIZED, CAPTURED, REFUNDED, failed).when(REFUND).expectNoEvents();
        after(INITIATED, AUTHORIZED, CAPTURED, pending, failed).when(REFUND).expectEvents(REFUNDED);
    }

    private static RecordRefundReport report(RefundStatus status) {
        return new RecordRefundReport(PAYMENT, "re_1", PRICE, status, null);
    }

    private static PaymentRefundReported reported(RefundStatus status) {
        return new PaymentRefundReported(PAYMENT, RESERVATION, PERFORMANCE, "re_1", PRICE, status, null, NOON);
    }

    @Test
    void a_dispute_is_told_once_for_each_change_of_its_status() {
        PaymentDisputed opened = disputed("needs_response");
        after(INITIATED, AUTHORIZED, CAPTURED)
                .when(new RecordDispute(PAYMENT, "dp_1", PRICE, "needs_response", "fraudulent"))
                .expectEvents(opened);
        after(INITIATED, AUTHORIZED, CAPTURED, opened)
                .when(new RecordDispute(PAYMENT, "dp_1", PRICE, "needs_response", "fraudulent"))
                .expectNoEvents();
        after(INITIATED, AUTHORIZED, CAPTURED, opened)
                .when(new RecordDispute(PAYMENT, "dp_1", PRICE, "lost", "fraudulent"))
                .expectEvents(disputed("lost"));
    }

    private static PaymentDisputed disputed(String status) {
        return new PaymentDisputed(PAYMENT, RESERVATION, PERFORMANCE, "dp_1", PRICE, status, "fraudulent", NOON);
    }

    @Test
    void a_late_record_of_an_earlier_step_changes_nothing() {
        after(INITIATED, AUTHORIZED, CAPTURED).when(AUTHORIZE).expectNoEvents();
        after(INITIATED, AUTHORIZED, CAPTURED, REFUNDED).when(CAPTURE).expectNoEvents();
    }

    @Test
    void other_content_under_the_same_id_and_an_unknown_payment_are_refused() {
        conflicts(after(INITIATED)
                .when(new InitiatePayment(PAYMENT, RESERVATION, PERFORMANCE, ALICE, Money.of(1, "EUR"), CARD)));
        after().when(AUTHORIZE)
                .expectException(
                        matches((RefusedException refused) -> refused.code() == RefusalCode.PAYMENT_NOT_FOUND));
    }

    private static org.axonframework.test.aggregate.TestExecutor<Payment> after(Object... facts) {
        AggregateTestFixture<Payment> fixture = new AggregateTestFixture<>(Payment.class);
        fixture.registerAnnotatedCommandHandler(new PaymentCommandHandler(fixture.getRepository(), new TestClock()));
        return facts.length == 0 ? fixture.givenNoPriorActivity() : fixture.given(facts);
    }

    private static void conflicts(ResultValidator<Payment> result) {
        result.expectException(
                        matches((RefusedException refused) -> refused.code() == RefusalCode.PAYMENT_STATE_CONFLICT))
                .expectNoEvents();
    }
}
