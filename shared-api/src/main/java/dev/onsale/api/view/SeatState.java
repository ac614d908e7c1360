package dev.onsale.api.view;

/** What a seat map says about a seat. The order is stored: a new state goes to the end. */
public enum SeatState {
    AVAILABLE,
    HELD,
    BOOKED
}
