package dev.onsale.waitingroom.draw;

import java.util.AbstractList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.RandomAccess;

/** SHA-256 digests as hexadecimal texts, stored in 32 bytes each: two million take 64 MB instead of 240 MB. */
final class Digests extends AbstractList<String> implements RandomAccess {

    private static final HexFormat HEX = HexFormat.of();

    private final byte[] bytes;

    private Digests(byte[] bytes) {
        this.bytes = bytes;
    }

    static List<String> of(Collection<byte[]> digests) {
        byte[] bytes = new byte[digests.size() * Shuffle.DIGEST_BYTES];
        int at = 0;
        for (byte[] digest : digests) {
            System.arraycopy(digest, 0, bytes, at, Shuffle.DIGEST_BYTES);
            at += Shuffle.DIGEST_BYTES;
        }
        return new Digests(bytes);
    }

    @Override
    public String get(int index) {
        int from = java.util.Objects.checkIndex(index, size()) * Shuffle.DIGEST_BYTES;
        return HEX.formatHex(bytes, from, from + Shuffle.DIGEST_BYTES);
    }

    @Override
    public int size() {
        return bytes.length / Shuffle.DIGEST_BYTES;
    }
}
