package dev.onsale.saga.reservation;

import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.payment.RecordRefundReport;
import dev.onsale.api.payment.RefundStatus;
import dev.onsale.saga.payment.GatewayAnswer;
import dev.onsale.saga.payment.GatewayAnswer.Found;
import dev.onsale.saga.payment.GatewayAnswer.Refund;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Records the state of refunds at the gateway. */
@Component
class RefundReports {

    private final CommandDispatcher commands;

    RefundReports(CommandDispatcher commands) {
        this.commands = commands;
    }

    void record(PaymentId payment, Found found) throws InterruptedException {
        for (Refund refund : found.refunds()) {
            record(payment, refund);
        }
    }

    void record(PaymentId payment, Refund refund) throws InterruptedException {
        commands.send(new RecordRefundReport(
                payment, refund.refundReference(), refund.amount(), refund.status(), refund.failureReason()));
    }

    void recordUnderWay(PaymentId payment, GatewayAnswer.UnderWay refund, Money amount) throws InterruptedException {
        commands.send(new RecordRefundReport(payment, refund.refundReference(), amount, RefundStatus.PENDING, null));
    }

    /** The newest refund of one part that did not fail, or else the newest that did. */
    static Optional<Refund> ofPart(Found found, int part) {
        List<Refund> own =
                found.refunds().stream().filter(refund -> refund.isOfPart(part)).toList();
        return own.stream().filter(refund -> !refund.hasFailed()).findFirst().or(() -> own.stream()
                .findFirst());
    }

    /** Whether a refund that Onsale asked for has failed, and none is under way. */
    static boolean hasFailed(Found found) {
        return found.refunds().stream().noneMatch(Refund::isOpen)
                && found.refunds().stream().anyMatch(refund -> refund.isOurs() && refund.hasFailed());
    }
}
