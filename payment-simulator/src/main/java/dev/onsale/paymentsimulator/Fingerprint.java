package dev.onsale.paymentsimulator;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** SHA-256 of the parts, each with its length, so that different lists of parts differ. */
final class Fingerprint {
    private Fingerprint() {}

    static String of(String action, @Nullable Amount amount, String... parts) {
        var digest = sha256();
        add(digest, action);
        if (amount != null) {
            add(digest, amount.currency());
            add(digest, Long.toString(amount.minorUnits()));
        }
        for (var part : parts) {
            add(digest, part);
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 16);
    }

    static byte[] seeded(long seed, String purpose, String key, int number) {
        var digest = sha256();
        digest.update(ByteBuffer.allocate(12).putLong(seed).putInt(number).array());
        add(digest, purpose);
        add(digest, key);
        return digest.digest();
    }

    private static void add(MessageDigest digest, String part) {
        var bytes = part.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
