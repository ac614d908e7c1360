package dev.onsale.paymentsimulator;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;

/** Random decisions by hashing the seed and the key, so that the order of arrival does not matter. */
final class Chance {
    private static final DeclineCode[] DECLINE_CODES = DeclineCode.values();

    private final long seed;

    Chance(long seed) {
        this.seed = seed;
    }

    /** One roll per key, so a higher rate approves all that a lower one approves. */
    boolean approves(String key, double successRate) {
        return roll("decision", key, 0) < successRate;
    }

    DeclineCode declineCode(String key) {
        return DECLINE_CODES[(int) (roll("decline-code", key, 0) * DECLINE_CODES.length)];
    }

    Duration delay(String key, int attempt, Duration min, Duration max) {
        long spread = max.minus(min).toNanos();
        return min.plusNanos((long) (roll("delay", key, attempt) * spread));
    }

    boolean strikes(String fault, String key, int attempt, double probability) {
        return roll(fault, key, attempt) < probability;
    }

    /** {@code number} distinguishes authorizations with the same key after its retention. */
    String authorizationId(String key, int number) {
        return "auth_" + HexFormat.of().formatHex(Fingerprint.seeded(seed, "authorization", key, number), 0, 12);
    }

    private double roll(String purpose, String key, int number) {
        long bits =
                ByteBuffer.wrap(Fingerprint.seeded(seed, purpose, key, number)).getLong();
        return (bits >>> 11) * 0x1.0p-53;
    }
}
