package dev.onsale.api.view;

/** Where a reservation stands. */
public enum ReservationStatus {
    HELD,
    /** The buyer asked to pay; the outcome is not known yet. */
    PAYMENT_PENDING,
    CONFIRMED,
    EXPIRED,
    CANCELLED
}
