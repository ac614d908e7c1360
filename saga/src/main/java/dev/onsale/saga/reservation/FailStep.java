package dev.onsale.saga.reservation;

import dev.onsale.api.reservation.FailPayment;
import dev.onsale.saga.reservation.CheckoutStep.Fail;
import dev.onsale.saga.step.StepHandler;
import dev.onsale.saga.step.StepResult;
import org.springframework.stereotype.Component;

@Component
class FailStep implements StepHandler<Fail> {

    private final CommandDispatcher commands;

    FailStep(CommandDispatcher commands) {
        this.commands = commands;
    }

    @Override
    public String kind() {
        return Fail.KIND;
    }

    @Override
    public Class<Fail> type() {
        return Fail.class;
    }

    @Override
    public StepResult take(Fail step) throws InterruptedException {
        commands.send(new FailPayment(step.reservationId(), step.performanceId(), step.paymentId(), step.reason()));
        return StepResult.done();
    }
}
