package dev.onsale.proof.invariant;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Recomputes the drawn order of the visitors who joined before the opening. A visitor's sort key is the SHA-256 of the
 * seed and the SHA-256 of sale, line feed and visitor. Anyone who noted the commitment before the sale can compare it
 * with the commitment in the records.
 */
public final class Draw {

    private static final HexFormat HEX = HexFormat.of();

    private final String commitment;
    private final Map<Long, String> drawn = new TreeMap<>();
    private @Nullable String seed;

    /** @param commitment SHA-256 of the seed, hexadecimal */
    public Draw(String commitment) {
        this.commitment = commitment;
    }

    public void on(RoomEntry entry) {
        if (entry.kind().equals("RANKED")) {
            drawn.put(entry.number(), entry.buyer());
        } else if (entry.kind().equals("ENDED")) {
            // Each room of the sale draws with its own seed.
            drawn.clear();
        }
    }

    /** @param revealed the seed, hexadecimal */
    public void reveal(String revealed) {
        HEX.parseHex(revealed);
        seed = revealed;
    }

    public Findings judge(String saleKey) {
        Findings findings = new Findings();
        String revealed = seed;
        if (revealed == null) {
            return findings;
        }
        MessageDigest sha256 = sha256();
        byte[] seedBytes = HEX.parseHex(revealed);
        if (!HEX.formatHex(sha256.digest(seedBytes)).equals(commitment)) {
            findings.add(Invariant.DRAWN_AS_PROMISED, "The seed does not match the commitment " + commitment);
        }
        byte[] before = {};
        for (Map.Entry<Long, String> place : drawn.entrySet()) {
            byte[] visitor = sha256.digest((saleKey + "\n" + place.getValue()).getBytes(StandardCharsets.UTF_8));
            sha256.update(seedBytes);
            byte[] lot = sha256.digest(visitor);
            if (Arrays.compareUnsigned(before, lot) > 0) {
                findings.add(
                        Invariant.DRAWN_AS_PROMISED,
                        place.getValue() + " has place " + place.getKey() + " and drew an earlier one");
            }
            before = lot;
        }
        return findings;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every Java platform", e);
        }
    }
}
