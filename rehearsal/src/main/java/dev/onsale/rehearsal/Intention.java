package dev.onsale.rehearsal;

/** What a buyer who got a seat goes on to do. */
enum Intention {
    PAYS,
    /** Goes away without a word; the hold must end by itself. */
    ABANDONS,
    CANCELS_HOLD,
    /** Pays, and gives the seat back against the money. */
    CANCELS_BOOKING
}
