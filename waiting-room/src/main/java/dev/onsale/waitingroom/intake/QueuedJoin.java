package dev.onsale.waitingroom.intake;

import dev.onsale.api.BuyerId;
import dev.onsale.api.InvalidValueException;
import dev.onsale.waitingroom.queue.JoinOrigin;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A join as a Kafka record: buyer, time, address and proof of work, separated by spaces.
 *
 * @param at when it was accepted; the challenge must have been valid then
 * @param caller without the challenge, which is known only after verification
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
            throw new InvalidValueException("Not a join of a waiting room");
        }
        try {
            return new QueuedJoin(
                    BuyerId.of(parts.get(0)),
                    Long.parseLong(parts.get(1)),
                    new JoinOrigin(orNull(parts.get(2)), null, orNull(parts.get(3))));
        } catch (NumberFormatException e) {
            throw new InvalidValueException("Not a join of a waiting room");
        }
    }

    private static String orNone(@Nullable String text) {
        return text == null ? NONE : text;
    }

    private static @Nullable String orNull(String text) {
        return text.equals(NONE) ? null : text;
    }
}
