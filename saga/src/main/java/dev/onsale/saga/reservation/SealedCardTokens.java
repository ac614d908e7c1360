package dev.onsale.saga.reservation;

import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.eventlog.personal.PersonalData;
import dev.onsale.saga.reservation.CheckoutStep.Authorize;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Tokens are sealed in facts and steps. Those of before are in the step's method, in the clear. */
@Component
class SealedCardTokens implements CardTokens {

    private final PersonalData personal;

    SealedCardTokens(PersonalData personal) {
        this.personal = personal;
    }

    @Override
    public Optional<PaymentMethod> open(Authorize step) {
        return step.cardToken() == null
                ? Optional.of(step.method())
                : personal.openCardToken(step.buyerId(), step.reservationId(), step.cardToken())
                        .map(PaymentMethod.Card::new);
    }
}
