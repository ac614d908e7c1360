package dev.onsale.command.guard.state;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the guard knows of one seat, as the scripts write it.
 *
 * @param state A(vailable), C(laimed), H(eld), B(ooked) or X (blocked)
 * @param reservation whose; empty for an available seat
 * @param token the last one handed out
 * @param until when a claim or a hold lapses, in milliseconds; 0 for never
 * @param sequence of the last fact applied, -1 for none
 */
public record SeatEntry(char state, String reservation, long token, long until, long sequence) {

    public static final char AVAILABLE = 'A';
    static final char CLAIMED = 'C';
    public static final char HELD = 'H';
    public static final char BOOKED = 'B';
    public static final char BLOCKED = 'X';

    /** Of a seat that nobody has asked for yet. */
    public static final SeatEntry UNKNOWN = new SeatEntry(AVAILABLE, "", 0, 0, -1);

    private static final Pattern FORM =
            Pattern.compile("([ACHBX])\\|([^|]*)\\|(\\d{1,18})\\|(\\d{1,18})\\|(-?\\d{1,18})");

    /** The entry, or null for a text that no script wrote. */
    public static @Nullable SeatEntry parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? new SeatEntry(
                        form.group(1).charAt(0),
                        form.group(2),
                        Long.parseLong(form.group(3)),
                        Long.parseLong(form.group(4)),
                        Long.parseLong(form.group(5)))
                : null;
    }

    public boolean isAvailable() {
        return state == AVAILABLE;
    }

    public boolean isClaim() {
        return state == CLAIMED;
    }

    /** Whether somebody else than this reservation has the seat. Nobody has a blocked one. */
    public boolean isTakenFor(String other, long now) {
        return !isAvailable() && state != BLOCKED && !reservation.equals(other) && (state == BOOKED || until > now);
    }

    @Override
    public String toString() {
        return state + "|" + reservation + "|" + token + "|" + until + "|" + sequence;
    }
}
