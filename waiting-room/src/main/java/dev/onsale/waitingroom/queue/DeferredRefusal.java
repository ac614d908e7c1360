package dev.onsale.waitingroom.queue;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Refusal of a join that came through Kafka, stored for the next poll of the visitor. */
final class DeferredRefusal {

    static final Duration REMEMBERED = Duration.ofMinutes(10);

    private static final String REFUSED = "REFUSED";
    private static final int PARTS = 4;

    private DeferredRefusal() {}

    static String text(RefusedException refused, long now) {
        Duration after = refused.retryAfter();
        long again = after == null ? 0 : now + after.toMillis();
        return REFUSED + " " + refused.code() + " " + again + " " + refused.detail();
    }

    /** Null if the text is not a refusal. */
    static @Nullable RefusedException of(String text, long now) {
        List<String> parts = List.of(text.split(" ", PARTS));
        if (!parts.getFirst().equals(REFUSED)) {
            return null;
        }
        long again = Long.parseLong(parts.get(2));
        return new RefusedException(
                RefusalCode.valueOf(parts.get(1)),
                parts.get(3),
                again == 0 ? null : Duration.ofMillis(Math.max(0, again - now)));
    }
}
