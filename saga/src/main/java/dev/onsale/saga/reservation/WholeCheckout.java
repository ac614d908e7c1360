package dev.onsale.saga.reservation;

import dev.onsale.saga.reservation.CheckoutStep.Authorize;
import dev.onsale.saga.step.StepResult;
import org.springframework.stereotype.Component;

/**
 * A checkout from the authorisation to the capture in one run, with one row. Each stage is in the log before the next call is made. A
 * run that dies begins again: the payment itself tells how far it has come.
 */
@Component
class WholeCheckout extends CheckoutStepHandler<Authorize> {

    private final AuthorizeStep authorization;

    WholeCheckout(AuthorizeStep authorization) {
        super(Authorize.WHOLE_KIND, Authorize.class);
        this.authorization = authorization;
    }

    @Override
    public Authorize interrupted(Authorize step) {
        return authorization.interrupted(step);
    }

    @Override
    public StepResult take(Authorize step) throws InterruptedException {
        return authorization.take(step);
    }
}
