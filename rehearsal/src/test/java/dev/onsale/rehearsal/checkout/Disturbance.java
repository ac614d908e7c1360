package dev.onsale.rehearsal.checkout;

import java.util.List;
import java.util.regex.Pattern;

/**
 * One line of the plan.
 *
 * @param cell the cell it belongs to
 * @param place the call or event, and its payment or reservation
 * @param detail for a signal: its name; for a cancellation or another hold: reservation, performance, buyer and seat
 */
record Disturbance(String cell, String place, Phase phase, Act act, String detail) {

    private static final Pattern TAB = Pattern.compile("\t");

    /** When the disturbance occurs. */
    enum Phase {
        /** Before an event is delivered to the saga. */
        TOLD,
        /** Before the application makes the call. */
        BEFORE,
        /** Between the application and the gateway, on the request. */
        ON_THE_WAY,
        /** Between the application and the gateway, on the response. */
        ON_THE_WAY_BACK,
        /** After the call has a response, before the application receives it. */
        AFTER
    }

    /** What the disturbance does. */
    enum Act {
        /** Nothing; records the response. */
        NOTE,
        /** The command side refuses the command as overloaded. */
        BUSY,
        SILENCE,
        /** Blocks until the process is killed. */
        PARK,
        TWICE,
        /** The buyer cancels first. */
        CANCEL,
        /** The payment is recorded as declined first. */
        DECLINE,
        /** Another buyer holds the seat first. */
        HOLD_BY_ANOTHER,
        AWAIT,
        SIGNAL,
        /** The gateway voids the authorisation first. */
        LAPSE,
        /** An operator of the gateway refunds first. */
        REFUND,
        /** The gateway does not find the payment. */
        ABSENT;

        /** Whether the disturbance applies to every execution of the call or only to the first. */
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
