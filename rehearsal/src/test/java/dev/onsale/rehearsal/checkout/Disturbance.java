package dev.onsale.rehearsal.checkout;

import java.util.List;
import java.util.regex.Pattern;

/**
 * One line of the plan.
 *
 * @param cell whose
 * @param place the call or the fact, and the payment or reservation that it is about
 * @param detail of a signal: its name; of a cancellation or a rival hold: reservation, performance, buyer, and seat
 */
record Disturbance(String cell, String place, Phase phase, Act act, String detail) {

    private static final Pattern TAB = Pattern.compile("\t");

    /** When. */
    enum Phase {
        /** Before a fact is told to the saga. */
        TOLD,
        /** Before the application makes the call. */
        BEFORE,
        /** Between the application and the gateway, on the way there. */
        ON_THE_WAY,
        /** Between the application and the gateway, on the way back. */
        ON_THE_WAY_BACK,
        /** When the call has been answered, before the application hears it. */
        AFTER
    }

    /** What. */
    enum Act {
        /** Nothing; the answer is noted. */
        NOTE,
        /** The command side has no room for the command. */
        BUSY,
        SILENCE,
        /** Stays there until the process is killed. */
        PARK,
        TWICE,
        /** The buyer cancels first. */
        CANCEL,
        /** The payment is recorded as declined first. */
        DECLINE,
        /** Somebody else holds the seat first. */
        HOLD_BY_ANOTHER,
        AWAIT,
        SIGNAL,
        /** The gateway voids the authorisation first, of its own accord. */
        LAPSE,
        /** The gateway's operator refunds first. */
        REFUND,
        /** The gateway does not find the payment. */
        ABSENT;

        /** Whether each run that comes by meets it, or the first alone. */
        boolean isLasting() {
            return this == NOTE || this == PARK || this == AWAIT || this == SIGNAL;
        }
    }

    String line() {
        return String.join("\t", cell, place, phase.name(), act.name(), detail);
    }

    static Disturbance of(String line) {
        List<String> parts = List.of(TAB.split(line, -1));
        return new Disturbance(
                parts.get(0), parts.get(1), Phase.valueOf(parts.get(2)), Act.valueOf(parts.get(3)), parts.get(4));
    }
}
