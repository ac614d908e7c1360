package dev.onsale.saga.calloff;

import dev.onsale.api.ReservationId;
import dev.onsale.api.payment.PaymentRefundReported;
import dev.onsale.api.payment.PaymentRefunded;
import dev.onsale.api.payment.PaymentVoided;
import dev.onsale.api.payment.RefundStatus;
import dev.onsale.api.performance.PerformanceCalledOff;
import dev.onsale.saga.calloff.CallOffTable.Refund;
import dev.onsale.saga.step.Steps;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DisallowReplay;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.stereotype.Component;

/** Starts the work for a show that was called off, and notes which money is back, in the transactions of the saga processor. */
@Component
@ProcessingGroup("reservation-saga")
@DisallowReplay
class CallOffFollower {

    private final CallOffTable table;
    private final Steps steps;

    CallOffFollower(CallOffTable table, Steps steps) {
        this.table = table;
        this.steps = steps;
    }

    @EventHandler
    void on(PerformanceCalledOff fact) {
        table.begin(fact, fact.performanceId() + ":");
        steps.next(new CallOffStep(fact.performanceId()));
    }

    @EventHandler
    void on(PaymentRefunded fact) {
        refunded(fact.reservationId(), Refund.REFUNDED);
    }

    @EventHandler
    void on(PaymentVoided fact) {
        refunded(fact.reservationId(), Refund.VOIDED);
    }

    /** A person has to return this money. */
    @EventHandler
    void on(PaymentRefundReported fact) {
        if (fact.status() == RefundStatus.FAILED || fact.status() == RefundStatus.CANCELED) {
            String reason = fact.failureReason();
            table.refunded(
                    fact.reservationId(),
                    Refund.FAILED,
                    reason == null ? fact.status().name() : reason);
        }
    }

    private void refunded(ReservationId reservation, Refund refund) {
        table.refunded(reservation, refund, null);
    }
}
