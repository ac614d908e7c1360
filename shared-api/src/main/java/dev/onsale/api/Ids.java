package dev.onsale.api;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Makes identifiers: new ones that sort by time, and ones derived from a buyer and an idempotency key. */
public final class Ids {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final long VERSION_MASK = 0xFFFF_FFFF_FFFF_0FFFL;
    private static final long VARIANT_MASK = 0x3FFF_FFFF_FFFF_FFFFL;
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    private Ids() {}

    /**
     * A UUID of version 7 (RFC 9562): 48 bits of milliseconds, then random bits. The wall clock serves uniqueness and
     * index locality here and never a decision, which is why no {@link java.time.Clock} is passed.
     */
    public static UUID timeOrdered() {
        return timeOrdered(RANDOM);
    }

    /** As {@link #timeOrdered()}, with random bits of the caller's choice: for names that nobody gains by guessing. */
    public static UUID timeOrdered(RandomGenerator random) {
        long high = (System.currentTimeMillis() << 16) | 0x7000L | (random.nextInt() & 0x0FFFL);
        return new UUID(high, (random.nextLong() & VARIANT_MASK) | VARIANT);
    }

    /**
     * A UUID of version 8 derived from the given parts: the same parts always give the same identifier, so that a
     * repeated request meets the aggregate which its first try created, whatever crashed in between.
     */
    public static UUID derived(String... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                // The length goes in first: ("ab", "c") and ("a", "bc") must not meet.
                digest.update(
                        ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
                digest.update(bytes);
            }
            ByteBuffer hash = ByteBuffer.wrap(digest.digest());
            return new UUID((hash.getLong() & VERSION_MASK) | 0x8000L, (hash.getLong() & VARIANT_MASK) | VARIANT);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every Java platform", e);
        }
    }

    static UUID parseUuid(String type, String text) {
        // UUID.fromString also reads shortened forms; two texts for one identifier would be two aggregates.
        if (text.length() != 36) {
            throw new InvalidValueException(type + " is a UUID of 36 characters");
        }
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidValueException(type + " is a UUID of 36 characters");
        }
    }
}
