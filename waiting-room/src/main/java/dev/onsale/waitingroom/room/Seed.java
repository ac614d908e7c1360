package dev.onsale.waitingroom.room;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;

/** The secret that decides the order of an opening draw: 32 bytes as hexadecimal digits. */
public final class Seed {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 32;

    private Seed() {}

    public static String random() {
        byte[] seed = new byte[BYTES];
        RANDOM.nextBytes(seed);
        return HexFormat.of().formatHex(seed);
    }

    /** SHA-256 of the seed, which may be published before the draw. */
    public static String commitment(String seed) {
        return HexFormat.of().formatHex(sha256().digest(HexFormat.of().parseHex(seed)));
    }

    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every Java platform", e);
        }
    }
}
