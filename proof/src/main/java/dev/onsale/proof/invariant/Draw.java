package dev.onsale.proof.invariant;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
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

    private final Map<Long, String> drawn = new TreeMap<>();

    /** Rooms of the sale that ended or were replaced, each with its own draw. */
    private final List<Room> before = new ArrayList<>();

    private String commitment;
    private boolean opened;
    private boolean ended;
    private @Nullable String seed;

    private record Room(
            String commitment, boolean opened, @Nullable String seed, Map<Long, String> drawn) {}

    /** @param commitment SHA-256 of the seed, hexadecimal */
    public Draw(String commitment) {
        this.commitment = commitment;
    }

    /** The room is announced again, or, with another commitment, another room begins. */
    public void room(String promised) {
        if (!promised.equals(commitment)) {
            next();
            commitment = promised;
        }
    }

    public void on(RoomEntry entry) {
        if (ended && !entry.kind().equals("ENDED")) {
            next();
        }
        switch (entry.kind()) {
            case "RANKED" -> drawn.put(entry.number(), entry.buyer());
            case "OPENED" -> opened = true;
            // The seed may follow. Each room of the sale draws with its own seed.
            case "ENDED" -> ended = true;
            default -> {}
        }
    }

    private void next() {
        before.add(new Room(commitment, opened, seed, Map.copyOf(drawn)));
        drawn.clear();
        opened = false;
        ended = false;
        seed = null;
    }

    /** @param revealed the seed, hexadecimal */
    public void reveal(String revealed) {
        HEX.parseHex(revealed);
        seed = revealed;
    }

    public Findings judge(String saleKey) {
        Findings findings = new Findings();
        before.forEach(room -> judge(room, saleKey, findings));
        judge(new Room(commitment, opened, seed, drawn), saleKey, findings);
        return findings;
    }

    private static void judge(Room room, String saleKey, Findings findings) {
        String revealed = room.seed();
        if (revealed == null) {
            if (room.opened() || !room.drawn().isEmpty()) {
                findings.add(
                        Invariant.DRAWN_AS_PROMISED,
                        "The seed of the commitment " + room.commitment()
                                + " is missing, although the room has opened");
            }
            return;
        }
        MessageDigest sha256 = sha256();
        byte[] seedBytes = HEX.parseHex(revealed);
        if (!HEX.formatHex(sha256.digest(seedBytes)).equals(room.commitment())) {
            findings.add(Invariant.DRAWN_AS_PROMISED, "The seed does not match the commitment " + room.commitment());
        }
        byte[] last = {};
        for (Map.Entry<Long, String> place : new TreeMap<>(room.drawn()).entrySet()) {
            byte[] visitor = sha256.digest((saleKey + "\n" + place.getValue()).getBytes(StandardCharsets.UTF_8));
            sha256.update(seedBytes);
            byte[] lot = sha256.digest(visitor);
            if (Arrays.compareUnsigned(last, lot) > 0) {
                findings.add(
                        Invariant.DRAWN_AS_PROMISED,
                        place.getValue() + " has place " + place.getKey() + " and drew an earlier one");
            }
            last = lot;
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every Java platform", e);
        }
    }
}
