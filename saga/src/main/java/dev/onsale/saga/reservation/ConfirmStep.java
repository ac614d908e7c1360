package dev.onsale.saga.reservation;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.reservation.ConfirmReservation;
import dev.onsale.api.reservation.LatePaymentRejected;
import dev.onsale.saga.reservation.CheckoutStep.Confirm;
import dev.onsale.saga.reservation.CheckoutStep.GiveBack;
import dev.onsale.saga.step.StepResult;
import java.util.EnumSet;
import java.util.Set;
import org.springframework.stereotype.Component;

@Component
class ConfirmStep extends CheckoutStepHandler<Confirm> {

    /** Refusals that a retry does not change. Others are retried. */
    private static final Set<RefusalCode> FINAL = EnumSet.of(
            RefusalCode.HOLD_EXPIRED,
            RefusalCode.PERFORMANCE_CALLED_OFF,
            RefusalCode.STALE_FENCING_TOKEN,
            RefusalCode.ALREADY_CANCELLED,
            RefusalCode.PAYMENT_STATE_CONFLICT);

    private final CommandDispatcher commands;

    ConfirmStep(CommandDispatcher commands) {
        super(Confirm.KIND, Confirm.class);
        this.commands = commands;
    }

    @Override
    public StepResult take(Confirm step) throws InterruptedException {
        try {
            Object answer =
                    commands.send(new ConfirmReservation(step.reservationId(), step.performanceId(), step.paymentId()));
            if (answer instanceof LatePaymentRejected rejected) {
                return new StepResult.Instead(new GiveBack(step.paymentId(), rejected.reason()));
            }
            return step.capture() == null ? StepResult.done() : new StepResult.Then(step.capture());
        } catch (RefusedException refused) {
            if (FINAL.contains(refused.code())) {
                return new StepResult.Instead(
                        new GiveBack(step.paymentId(), refused.code().name()));
            }
            throw refused;
        }
    }
}
