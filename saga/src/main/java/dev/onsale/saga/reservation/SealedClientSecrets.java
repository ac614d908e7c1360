package dev.onsale.saga.reservation;

import dev.onsale.api.personal.SealedText;
import dev.onsale.eventlog.personal.PersonalData;
import dev.onsale.saga.reservation.CheckoutStep.Authorize;
import org.springframework.stereotype.Component;

@Component
class SealedClientSecrets implements ClientSecrets {

    private final PersonalData personal;

    SealedClientSecrets(PersonalData personal) {
        this.personal = personal;
    }

    @Override
    public SealedText seal(Authorize step, String clientSecret) {
        return personal.sealClientSecret(step.buyerId(), step.reservationId(), clientSecret);
    }
}
