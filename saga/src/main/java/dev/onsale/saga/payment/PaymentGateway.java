package dev.onsale.saga.payment;

import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;

/**
 * Moves money. Each call carries a key derived from the payment and the attempt, so a repeat is answered like the first and moves
 * nothing twice. A caller looks with {@link #find} before it makes a new attempt. No call throws for what the gateway or the network
 * did; that is an answer too.
 */
public interface PaymentGateway {

    /** In place of a part: what is left after all parts. */
    int REST = 0;

    /** Reserves an amount; nothing is taken yet. */
    GatewayAnswer.ToAuthorize authorize(AuthorizationRequest request) throws InterruptedException;

    /**
     * Takes the whole reserved amount.
     *
     * @param gatewayReference what {@link GatewayAnswer.Authorized} said
     * @param attempt 0 for the first idempotency key; one more for each key that the gateway has used up
     */
    GatewayAnswer.ToSettle capture(PaymentId paymentId, String gatewayReference, Money amount, int attempt)
            throws InterruptedException;

    /** Gives up a reservation of money that was not taken, or a payment that waits for its buyer. */
    GatewayAnswer.ToSettle voidAuthorization(PaymentId paymentId, String gatewayReference, int attempt)
            throws InterruptedException;

    /** Gives back what is left of the captured amount. To be asked only of a captured payment. */
    GatewayAnswer.ToSettle refund(PaymentId paymentId, String gatewayReference, Money amount, int attempt)
            throws InterruptedException;

    /**
     * Gives back a part of the captured amount, or the rest after parts. Each part has idempotency keys of its own. To be asked only of a
     * captured payment.
     *
     * @param part number of the part from 1; {@link #REST} for what is left after all parts
     */
    GatewayAnswer.ToSettle refundPart(PaymentId paymentId, String gatewayReference, int part, Money amount, int attempt)
            throws InterruptedException;

    /** The state of a payment at the gateway. */
    GatewayAnswer.ToFind find(PaymentLookup lookup) throws InterruptedException;

    /** Which payment of Onsale the gateway keeps under a name of its own. */
    GatewayAnswer.ToIdentify identify(String gatewayReference) throws InterruptedException;

    /** A dispute as it stands now. */
    GatewayAnswer.ToDispute dispute(String disputeReference) throws InterruptedException;
}
