package dev.onsale.proof.invariant;

/**
 * One entry of a waiting room's journal, without secrets.
 *
 * @param kind what happened
 * @param at when it happened, in milliseconds since 1970
 * @param number position in the queue, drawn rank or number of the admission
 * @param placeUntil end of the visitor's place in the sale, in milliseconds since 1970
 */
public record RoomEntry(String kind, long at, String buyer, long number, String detail, long placeUntil) {}
