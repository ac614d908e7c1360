package dev.onsale.saga.reservation;

import dev.onsale.api.personal.SealedText;
import dev.onsale.saga.reservation.CheckoutStep.Authorize;

/** Seals what a buyer authenticates a payment with, so that facts can carry it. */
interface ClientSecrets {

    SealedText seal(Authorize step, String clientSecret);
}
