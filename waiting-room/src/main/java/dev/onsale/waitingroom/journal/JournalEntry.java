package dev.onsale.waitingroom.journal;

import dev.onsale.api.InvalidValueException;
import java.util.List;

/**
 * One thing that happened in a waiting room.
 *
 * @param millis with {@code sequence} the place in the order, as Redis gave it
 * @param at when, in milliseconds since 1970
 * @param buyer whom it happened to; {@code -} for the room itself
 * @param number the place in the queue, the rank of a draw, or the number of an admission
 * @param detail admission token or reason; {@code -} for none
 */
public record JournalEntry(
        long millis,
        long sequence,
        Kind kind,
        long at,
        String buyer,
        long number,
        String detail,
        long tokenUntil,
        long placeUntil) {

    /** Of the room itself. */
    public static final String NOBODY = "-";

    private static final int PARTS = 7;

    public enum Kind {
        JOINED,
        /** Nobody comes before the opening any more; number is the last place given out before it. */
        PRE_QUEUE_CLOSED,
        /** Number is the place drawn for who came before the opening. */
        RANKED,
        /** Number is how many were drawn. */
        OPENED,
        /** Number counts the admissions. */
        ADMITTED,
        ENTERED,
        /** The buyer holds seats; detail is the reservation, the place lasts at least until {@code placeUntil}. */
        HELD,
        /** The reservation named by detail has ended. */
        RELEASED,
        /** By the visitor, by a completed reservation, or with the end of the sale. */
        LEFT,
        /** No sign of life for too long. */
        SILENT,
        /** The place at the counter ended by its time. */
        EXPIRED,
        /** An admission that nobody had used is taken back after Redis was lost; number is the place in the queue. */
        RETURNED,
        /** The room was built anew from the entries before this one. */
        RESTORED,
        /** An operator ended the room; a later room of the same sale starts empty. */
        ENDED
    }

    /**
     * Reads an entry as the scripts write it.
     *
     * @param id identifier in the Redis stream
     */
    public static JournalEntry parse(String id, String text) {
        List<String> parts = List.of(text.split(" "));
        int dash = id.indexOf('-');
        if (parts.size() != PARTS || dash < 0) {
            throw new InvalidValueException("No entry of the journal: " + id + " " + text);
        }
        return new JournalEntry(
                Long.parseLong(id.substring(0, dash)),
                Long.parseLong(id.substring(dash + 1)),
                Kind.valueOf(parts.get(0)),
                Long.parseLong(parts.get(1)),
                parts.get(2),
                Long.parseLong(parts.get(3)),
                parts.get(4),
                Long.parseLong(parts.get(5)),
                Long.parseLong(parts.get(6)));
    }

    /** The entry as the scripts write it. */
    public static String text(Kind kind, long at, String buyer, long number, String detail, long token, long place) {
        return kind + " " + at + " " + buyer + " " + number + " " + detail + " " + token + " " + place;
    }
}
