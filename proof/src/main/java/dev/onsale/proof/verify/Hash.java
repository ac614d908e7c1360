package dev.onsale.proof.verify;

import dev.onsale.proof.export.ExportLine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The hashes of docs/proof.md, computed for a check. Written apart from {@code dev.onsale.proof.seal}, which makes what is
 * checked here. Immutable.
 */
final class Hash {

    static final Hash ZERO = new Hash(new byte[32]);

    private final byte[] bytes;

    private Hash(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Returns {@code null} if the text is not 64 lower-case hexadecimal digits. */
    static @Nullable Hash parse(@Nullable String hex) {
        if (hex == null || hex.length() != 64) {
            return null;
        }
        try {
            Hash hash = new Hash(HexFormat.of().parseHex(hex));
            return hash.toString().equals(hex) ? hash : null;
        } catch (IllegalArgumentException notOne) {
            return null;
        }
    }

    /** @throws IllegalArgumentException if the text is not 64 lower-case hexadecimal digits */
    static Hash of(@Nullable String hex) {
        Hash hash = parse(hex);
        if (hash == null) {
            throw new IllegalArgumentException("Not a digest: " + hex);
        }
        return hash;
    }

    static List<Hash> of(List<String> hex) {
        return hex.stream().map(Hash::of).toList();
    }

    byte[] bytes() {
        return bytes.clone();
    }

    /** SHA-256 of the parts as they are. */
    static Hash raw(byte[]... parts) {
        MessageDigest sha256 = sha256();
        for (byte[] part : parts) {
            sha256.update(part);
        }
        return new Hash(sha256.digest());
    }

    /** SHA-256 of the parts: texts with their length before them, numbers as 8 bytes, hashes as they are. */
    private static Hash over(@Nullable Object... parts) {
        MessageDigest sha256 = sha256();
        for (Object part : parts) {
            if (part instanceof Hash hash) {
                sha256.update(hash.bytes);
            } else if (part instanceof Long number) {
                sha256.update(ByteBuffer.allocate(8).putLong(number).array());
            } else if (part instanceof String text) {
                byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                sha256.update(ByteBuffer.allocate(4).putInt(utf8.length).array());
                sha256.update(utf8);
            } else {
                sha256.update(new byte[] {-1, -1, -1, -1});
            }
        }
        return new Hash(sha256.digest());
    }

    static Hash event(ExportLine.Event event) {
        return over(
                "onsale.event.v1",
                event.position(),
                event.eventId(),
                event.aggregateType(),
                event.aggregateId(),
                event.sequence(),
                event.type(),
                event.revision(),
                event.timestamp(),
                event.payload(),
                event.metaData());
    }

    static Hash record(String saleKey, long number, String record) {
        return over("onsale.record.v1", saleKey, number, record);
    }

    static Hash link(Hash before, Hash item) {
        return over("onsale.link.v1", before, item);
    }

    /** Digest of a seal's own values. */
    static Hash seal(ExportLine.Sealed seal) {
        if (seal.tree() == null) {
            return over(
                    "onsale.seal.v1",
                    seal.number(),
                    of(seal.previous()),
                    seal.firstPosition(),
                    seal.lastPosition(),
                    seal.events(),
                    of(seal.log()),
                    of(seal.sales()),
                    seal.sealedAt());
        }
        return over(
                "onsale.seal.v2",
                seal.number(),
                of(seal.previous()),
                seal.firstPosition(),
                seal.lastPosition(),
                seal.events(),
                seal.records() == null ? 0L : seal.records(),
                of(seal.log()),
                of(seal.sales()),
                of(seal.tree()),
                seal.sealedAt());
    }

    static Hash salePlace(String saleKey) {
        return over("onsale.sale.v1", saleKey);
    }

    static Hash roomPlace(String saleKey) {
        return over("onsale.room.v1", saleKey);
    }

    /** Root of the tree over the sales, from the sales of one leaf and the 16 siblings on the way up. */
    static Hash salesRoot(Hash place, List<ExportLine.Proof.Entry> leaf, List<Hash> path) {
        if (path.size() != 16) {
            throw new IllegalArgumentException("A path through the sales has 16 digests, not " + path.size());
        }
        Hash node = bucket(place, leaf);
        int index = (Byte.toUnsignedInt(place.bytes[0]) << 8) | Byte.toUnsignedInt(place.bytes[1]);
        for (Hash sibling : path) {
            node = (index & 1) == 0 ? over("onsale.node.v1", node, sibling) : over("onsale.node.v1", sibling, node);
            index >>= 1;
        }
        return node;
    }

    private static Hash bucket(Hash place, List<ExportLine.Proof.Entry> leaf) {
        List<ExportLine.Proof.Entry> sorted = leaf.stream()
                .sorted(Comparator.comparing(ExportLine.Proof.Entry::sale))
                .toList();
        Object[] parts = new Object[2 + 3 * sorted.size()];
        parts[0] = "onsale.bucket.v1";
        parts[1] = (long) sorted.size();
        int at = 2;
        String before = "";
        for (ExportLine.Proof.Entry entry : sorted) {
            Hash sale = of(entry.sale());
            if (entry.sale().equals(before) || sale.bytes[0] != place.bytes[0] || sale.bytes[1] != place.bytes[1]) {
                throw new IllegalArgumentException("A leaf has each of its sales once and no others");
            }
            before = entry.sale();
            parts[at++] = sale;
            parts[at++] = entry.events();
            parts[at++] = of(entry.head());
        }
        return over(parts);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every Java platform", e);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Hash hash && Arrays.equals(bytes, hash.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
