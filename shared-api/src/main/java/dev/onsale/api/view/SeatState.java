package dev.onsale.api.view;

/** What a seat map says about a seat. */
public enum SeatState {
    AVAILABLE,
    HELD,
    BOOKED,
    /** Not for sale: its category has no price, or an operator took it off sale. */
    BLOCKED
}
