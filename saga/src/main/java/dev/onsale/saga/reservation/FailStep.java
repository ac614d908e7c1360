package dev.onsale.saga.reservation;

import dev.onsale.api.reservation.FailPayment;
import dev.onsale.saga.reservation.CheckoutStep.Fail;
import dev.onsale.saga.step.StepResult;
import org.springframework.stereotype.Component;

@Component
class FailStep extends CheckoutStepHandler<Fail> {

    private final CommandDispatcher commands;

    FailStep(CommandDispatcher commands) {
        super(Fail.KIND, Fail.class);
        this.commands = commands;
    }

    @Override
    public StepResult take(Fail step) throws InterruptedException {
        commands.send(new FailPayment(step.reservationId(), step.performanceId(), step.paymentId(), step.reason()));
        return StepResult.done();
    }
}
