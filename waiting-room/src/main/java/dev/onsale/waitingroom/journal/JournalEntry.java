package dev.onsale.waitingroom.journal;

import dev.onsale.api.InvalidValueException;
import java.util.List;

/**
 * One event in a waiting room.
 *
 * @param millis with {@code sequence} the position, given by Redis
 * @param at time in milliseconds since 1970
 * @param buyer {@code -} for the room itself
 * @param number position in the queue, drawn rank or number of the admission
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

    /** The buyer of an event of the room itself. */
    public static final String NOBODY = "-";

    private static final int PARTS = 7;

    public enum Kind {
        JOINED,
        /** Number is the last one given out before the opening. */
        PRE_QUEUE_CLOSED,
        /** Number is the drawn one. */
        RANKED,
        /** Number is the count of drawn visitors. */
        OPENED,
        /** Number counts the admissions. */
        ADMITTED,
        ENTERED,
        /** The buyer holds seats in reservation {@code detail}; the place lasts at least until {@code placeUntil}. */
        HELD,
        /** Reservation {@code detail} has ended. */
        RELEASED,
        /** The visitor left, completed a reservation, or the sale has ended. */
        LEFT,
        /** No sign of life for too long. */
        SILENT,
        /** The place has expired. */
        EXPIRED,
        /** An unused admission was taken back by a restoration; number is the position in the queue. */
        RETURNED,
        /** The room was restored from the entries before this one. */
        RESTORED,
        /** An operator deleted the room; a later room of the sale starts empty. */
        ENDED
    }

    /**
     * Parses an entry of the scripts.
     *
     * @param id id in the Redis stream
     */
    public static JournalEntry parse(String id, String text) {
        List<String> parts = List.of(text.split(" "));
        int dash = id.indexOf('-');
        if (parts.size() != PARTS || dash < 0) {
            throw new InvalidValueException("Not a journal entry: " + id + " " + text);
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

    /** Formats an entry as the scripts do. */
    public static String text(Kind kind, long at, String buyer, long number, String detail, long token, long place) {
        return kind + " " + at + " " + buyer + " " + number + " " + detail + " " + token + " " + place;
    }
}
