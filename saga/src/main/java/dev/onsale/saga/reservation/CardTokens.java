package dev.onsale.saga.reservation;

import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.saga.reservation.CheckoutStep.Authorize;
import java.util.Optional;

/** Gives the token of a card to the one step that sends it to the gateway. */
interface CardTokens {

    /** How the step is paid, in the clear; nothing if the buyer's data was erased. */
    Optional<PaymentMethod> open(Authorize step);
}
