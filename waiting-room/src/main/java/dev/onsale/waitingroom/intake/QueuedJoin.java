package dev.onsale.waitingroom.intake;

import dev.onsale.api.BuyerId;
import dev.onsale.api.InvalidValueException;
import dev.onsale.waitingroom.queue.JoinOrigin;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A join on its way through the topic: buyer, time, address and proof of work, each without spaces.
 *
 * @param at when it was taken in: a challenge that expires on the way was solved in time
 * @param caller with the proof of work and without the challenge, which is known only after the proof was checked
 */
record QueuedJoin(BuyerId buyer, long at, JoinOrigin caller) {

    private static final String NONE = "-";
    private static final int PARTS = 4;

    String text() {
        return buyer + " " + at + " " + orNone(caller.address()) + " " + orNone(caller.proof());
    }

    static QueuedJoin parse(@Nullable String text) {
        List<String> parts = text == null ? List.of() : List.of(text.split(" "));
        if (parts.size() != PARTS) {
            throw new InvalidValueException("No join of a waiting room");
        }
        try {
            return new QueuedJoin(
                    BuyerId.of(parts.get(0)),
                    Long.parseLong(parts.get(1)),
                    new JoinOrigin(orNull(parts.get(2)), null, orNull(parts.get(3))));
        } catch (NumberFormatException e) {
            throw new InvalidValueException("No join of a waiting room");
        }
    }

    private static String orNone(@Nullable String text) {
        return text == null ? NONE : text;
    }

    private static @Nullable String orNull(String text) {
        return text.equals(NONE) ? null : text;
    }
}
