package dev.onsale.saga.reservation;

import dev.onsale.api.reservation.ExpireReservation;
import dev.onsale.saga.SagaProperties;
import dev.onsale.saga.reservation.CheckoutStep.Expire;
import dev.onsale.saga.step.StepHandler;
import dev.onsale.saga.step.StepResult;
import java.time.Clock;
import java.time.Duration;
import org.springframework.stereotype.Component;

/**
 * A deadline. It looks again for as long as the saga lives: the command may have come while a payment was in flight, or a
 * moment too early by the clock of the node that decided it, and no hold may be left behind.
 */
@Component
class ExpireStep implements StepHandler<Expire> {

    private final CommandDispatcher commands;
    private final SagaTable sagas;
    private final Clock clock;
    private final Duration recheck;

    ExpireStep(CommandDispatcher commands, SagaTable sagas, Clock clock, SagaProperties settings) {
        this.commands = commands;
        this.sagas = sagas;
        this.clock = clock;
        this.recheck = settings.expiryRecheckInterval();
    }

    @Override
    public String kind() {
        return Expire.KIND;
    }

    @Override
    public Class<Expire> type() {
        return Expire.class;
    }

    @Override
    public StepResult take(Expire step) throws InterruptedException {
        if (isOver(step)) {
            return StepResult.done();
        }
        commands.send(new ExpireReservation(step.reservationId(), step.performanceId()));
        return new StepResult.Again(step, clock.instant().plus(recheck));
    }

    /** The saga was stored with its first deadline, in one transaction: if it is missing, it has ended. */
    private boolean isOver(Expire step) {
        return !sagas.has(step.reservationId().toString());
    }
}
