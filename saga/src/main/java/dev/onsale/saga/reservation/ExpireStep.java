package dev.onsale.saga.reservation;

import dev.onsale.api.reservation.ExpireReservation;
import dev.onsale.saga.SagaProperties;
import dev.onsale.saga.reservation.CheckoutStep.Expire;
import dev.onsale.saga.step.StepResult;
import java.time.Clock;
import java.time.Duration;
import org.springframework.stereotype.Component;

/**
 * Ends a hold at its deadline. It repeats until the saga has ended, because the command has no effect while a payment is under way
 * or a moment too early, and no hold may stay.
 */
@Component
class ExpireStep extends CheckoutStepHandler<Expire> {

    private final CommandDispatcher commands;
    private final SagaTable sagas;
    private final Clock clock;
    private final Duration recheck;

    ExpireStep(CommandDispatcher commands, SagaTable sagas, Clock clock, SagaProperties settings) {
        super(Expire.KIND, Expire.class);
        this.commands = commands;
        this.sagas = sagas;
        this.clock = clock;
        this.recheck = settings.expiryRecheckInterval();
    }

    @Override
    public StepResult take(Expire step) throws InterruptedException {
        if (isOver(step)) {
            return StepResult.done();
        }
        commands.send(new ExpireReservation(step.reservationId(), step.performanceId()));
        return new StepResult.Again(step, clock.instant().plus(recheck));
    }

    /** The saga and its first deadline are stored in one transaction. A missing saga has ended. */
    private boolean isOver(Expire step) {
        return !sagas.has(step.reservationId().toString());
    }
}
