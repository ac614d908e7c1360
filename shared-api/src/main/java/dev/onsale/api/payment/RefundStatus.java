package dev.onsale.api.payment;

/** Where one refund stands at the gateway. */
public enum RefundStatus {
    /** Accepted; the bank works on it. */
    PENDING,
    /** A person has to act at the gateway before it continues. */
    REQUIRES_ACTION,
    SUCCEEDED,
    /** The bank sent the money back to us; the buyer does not have it. */
    FAILED,
    /** Given up before it was carried out; the buyer does not have the money. */
    CANCELED
}
