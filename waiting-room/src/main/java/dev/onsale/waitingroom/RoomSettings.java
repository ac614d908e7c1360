package dev.onsale.waitingroom;

import dev.onsale.api.InvalidValueException;
import org.jspecify.annotations.Nullable;

/**
 * How many may be at the counter of a sale at once and how fast they come. What is left out gets its default.
 *
 * @param activeLimit places at the counter
 * @param admitPerSecond admissions within one second at most
 * @param activeSeconds how long a place lasts, from admission and anew from entry
 * @param tokenSeconds how long an admission token is valid
 */
record RoomSettings(
        @Nullable Integer activeLimit,
        @Nullable Integer admitPerSecond,
        @Nullable Integer activeSeconds,
        @Nullable Integer tokenSeconds) {

    /** What a database of 1,000 transactions per second can take from people who do something every ten seconds. */
    static final int ACTIVE_LIMIT_DEFAULT = 10_000;

    static final int ADMIT_PER_SECOND_DEFAULT = 700;
    static final int ACTIVE_SECONDS_DEFAULT = 300;
    static final int TOKEN_SECONDS_DEFAULT = 600;

    static final int ACTIVE_LIMIT_MAX = 1_000_000;
    static final int ADMIT_PER_SECOND_MAX = 5_000;
    static final int ACTIVE_SECONDS_MAX = 3_600;
    static final int TOKEN_SECONDS_MAX = 600;

    RoomSettings {
        activeLimit = within("activeLimit", activeLimit, ACTIVE_LIMIT_DEFAULT, ACTIVE_LIMIT_MAX);
        admitPerSecond = within("admitPerSecond", admitPerSecond, ADMIT_PER_SECOND_DEFAULT, ADMIT_PER_SECOND_MAX);
        activeSeconds = within("activeSeconds", activeSeconds, ACTIVE_SECONDS_DEFAULT, ACTIVE_SECONDS_MAX);
        tokenSeconds = within("tokenSeconds", tokenSeconds, TOKEN_SECONDS_DEFAULT, TOKEN_SECONDS_MAX);
    }

    static RoomSettings defaults() {
        return new RoomSettings(null, null, null, null);
    }

    private static Integer within(String name, @Nullable Integer value, int byDefault, int max) {
        if (value == null) {
            return byDefault;
        }
        if (value < 1 || value > max) {
            throw new InvalidValueException(name + " is a whole number from 1 to " + max);
        }
        return value;
    }
}
