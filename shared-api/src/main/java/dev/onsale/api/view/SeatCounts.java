package dev.onsale.api.view;

/** How many seats of a performance are in which state; the four add up to {@code total}. */
public record SeatCounts(int total, int available, int held, int booked, int blocked) {}
