package dev.onsale.saga.payment;

import dev.onsale.api.Money;

/** What is known after a call to the gateway. */
public sealed interface GatewayAnswer {

    sealed interface ToAuthorize extends GatewayAnswer {}

    sealed interface ToSettle extends GatewayAnswer {}

    sealed interface ToFind extends GatewayAnswer {}

    /** The amount is reserved under the gateway's own name for it. */
    record Authorized(String gatewayReference) implements ToAuthorize {}

    /** Nothing was reserved; the reason is a code. */
    record Declined(String reason) implements ToAuthorize {}

    /** It is so, since now or before. */
    record Settled() implements ToSettle {}

    /** It cannot be, because of what happened to the payment before. */
    record Refused(String code) implements ToSettle {}

    /** The payment as the gateway has it. */
    record Found(String gatewayReference, Status status, Money amount, String declineReason) implements ToFind {}

    /** The gateway has never heard of it. What is still on its way there may yet arrive. */
    record Absent() implements ToFind {}

    /** It may have happened or not; ask again. */
    record Unknown(String detail) implements ToAuthorize, ToSettle, ToFind {}

    /** The gateway surely never got it: no connection, an open circuit, or too many calls under way. */
    record NotSent(String detail) implements ToAuthorize, ToSettle, ToFind {}

    /** Where a payment stands at the gateway. */
    enum Status {
        AUTHORIZED,
        DECLINED,
        CAPTURED,
        VOIDED,
        REFUNDED
    }
}
