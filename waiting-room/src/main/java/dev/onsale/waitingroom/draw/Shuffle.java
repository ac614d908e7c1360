package dev.onsale.waitingroom.draw;

import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.room.Seed;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;

/**
 * Order of the pre-queue: by SHA-256 of the seed and the visitor. The hash of the seed is published before the
 * pre-queue opens and the seed with the opening, so anyone can repeat the draw.
 */
final class Shuffle {

    private static final HexFormat HEX = HexFormat.of();
    static final int DIGEST_BYTES = 32;

    private Shuffle() {}

    /** Published name of a visitor. Only those who know the buyer id can find it. */
    static String visitor(SaleId sale, String buyer) {
        return HEX.formatHex(digest(sale, buyer));
    }

    /** The published names in the given order. */
    static List<String> visitors(SaleId sale, Collection<String> buyers) {
        return Digests.of(buyers.stream().map(buyer -> digest(sale, buyer)).toList());
    }

    private static byte[] digest(SaleId sale, String buyer) {
        return Seed.sha256().digest((sale.value() + "\n" + buyer).getBytes(StandardCharsets.UTF_8));
    }

    /** The buyers in the drawn order. */
    static List<String> order(SaleId sale, String seed, Collection<String> buyers) {
        byte[] seedBytes = HEX.parseHex(seed);
        MessageDigest sha256 = Seed.sha256();
        return buyers.stream()
                .map(buyer -> {
                    sha256.update(seedBytes);
                    return new Drawn(buyer, sha256.digest(digest(sale, buyer)));
                })
                .sorted((one, other) -> Arrays.compareUnsigned(one.lot, other.lot))
                .map(drawn -> drawn.buyer)
                .toList();
    }

    private static final class Drawn {
        final String buyer;
        final byte[] lot;

        Drawn(String buyer, byte[] lot) {
            this.buyer = buyer;
            this.lot = lot;
        }
    }
}
