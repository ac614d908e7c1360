package dev.onsale.api.reservation;

import dev.onsale.api.SeatLabel;
import org.jspecify.annotations.Nullable;

/**
 * One seat that a buyer wants.
 *
 * @param seat its label in the hall
 * @param fencingToken the token that the guard handed out; absent if the guard was away, then the seat issues the next
 */
public record SeatClaim(SeatLabel seat, @Nullable Long fencingToken) {}
