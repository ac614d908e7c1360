package dev.onsale.api.reservation;

import dev.onsale.api.Money;
import dev.onsale.api.SeatLabel;

/**
 * One seat of a reservation.
 *
 * @param seat its label in the hall
 * @param category name of its price category
 * @param price what it costs
 * @param fencingToken the token of this hold; confirming needs it to be the seat's newest
 */
public record HeldSeat(SeatLabel seat, String category, Money price, long fencingToken) {}
