package dev.onsale.rehearsal;

/** What a buyer does after getting a seat. */
enum Intention {
    PAYS,
    /** Stops without a request, so that the hold must expire. */
    ABANDONS,
    CANCELS_HOLD,
    /** Pays, then cancels the booking and gets a refund. */
    CANCELS_BOOKING
}
