package dev.onsale.api.view;

/** Where a payment stands. */
public enum PaymentStatus {
    /** The buyer asked to pay; the gateway has not answered. */
    REQUESTED,
    /** The bank asks the buyer to authenticate. */
    ACTION_REQUIRED,
    /** The gateway reserved the amount. */
    AUTHORIZED,
    /** The gateway refused; no money was taken. */
    DECLINED,
    /** It came to nothing for another reason; no money was taken. */
    FAILED,
    /** The amount was taken. */
    CAPTURED,
    /** The authorisation was given up; no money was taken. */
    VOIDED,
    /** The amount was taken and given back. */
    REFUNDED
}
