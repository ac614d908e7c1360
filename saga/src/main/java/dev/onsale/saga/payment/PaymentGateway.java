package dev.onsale.saga.payment;

import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.payment.PaymentMethod;

/**
 * Moves money. Each call carries a key derived from the payment, so a repeat is answered like the first and moves nothing
 * twice. No call throws for what the gateway or the network did; that is an answer too.
 */
public interface PaymentGateway {

    /** Reserves an amount; nothing is taken yet. */
    GatewayAnswer.ToAuthorize authorize(PaymentId paymentId, Money amount, PaymentMethod method)
            throws InterruptedException;

    /**
     * Takes the whole reserved amount.
     *
     * @param gatewayReference what {@link GatewayAnswer.Authorized} said
     */
    GatewayAnswer.ToSettle capture(PaymentId paymentId, String gatewayReference, Money amount)
            throws InterruptedException;

    /** Gives up a reservation of money that was not taken. */
    GatewayAnswer.ToSettle voidAuthorization(PaymentId paymentId, String gatewayReference) throws InterruptedException;

    /** Gives the whole captured amount back. To be asked only of a captured payment: gateways repeat a refusal, too. */
    GatewayAnswer.ToSettle refund(PaymentId paymentId, String gatewayReference, Money amount)
            throws InterruptedException;

    /** What became of a payment, whoever asked for it and whatever was answered then. */
    GatewayAnswer.ToFind find(PaymentId paymentId) throws InterruptedException;
}
