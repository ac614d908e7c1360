package dev.onsale.proof.invariant;

/**
 * An entry of a waiting room's journal, as anyone may read it.
 *
 * @param kind what happened
 * @param at when, in milliseconds since 1970
 * @param number place in the queue, drawn rank or number of the admission
 * @param placeUntil end of the place at the counter, in milliseconds since 1970
 */
public record RoomEntry(String kind, long at, String buyer, long number, String detail, long placeUntil) {}
