package dev.onsale.waitingroom.redis;

import java.time.Clock;

/** The instant that a script is given. */
public final class ScriptTime {

    /** The script takes the instant from Redis itself. */
    private static final String OF_REDIS = "redis";

    private ScriptTime() {}

    /** For the clock of Redis the script asks Redis; another clock, such as one that a test moves, gives its own instant. */
    public static String of(Clock clock) {
        return clock instanceof RedisClock ? OF_REDIS : Long.toString(clock.millis());
    }
}
