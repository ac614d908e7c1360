package dev.onsale.proof.seal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A SHA-256 value. Immutable. */
public final class Digest {

    public static final int BYTES = 32;

    /** The start value of every chain. */
    public static final Digest ZERO = new Digest(new byte[BYTES]);

    private final byte[] bytes;

    private Digest(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("A digest has " + BYTES + " bytes, not " + bytes.length);
        }
        this.bytes = bytes;
    }

    public static Digest of(byte[] bytes) {
        return new Digest(bytes.clone());
    }

    /**
     * @throws IllegalArgumentException if the text is not 64 hexadecimal digits
     */
    public static Digest ofHex(String hex) {
        return new Digest(HexFormat.of().parseHex(hex));
    }

    /**
     * Starts a digest.
     *
     * @param purpose domain separator: the same parts under two purposes have different digests
     */
    public static Builder over(String purpose) {
        return new Builder().put(purpose);
    }

    /** SHA-256 of the bytes as they are. */
    public static Digest sha256(byte[] bytes) {
        return ofRaw(bytes);
    }

    /** SHA-256 of the parts as they are, without lengths. */
    static Digest ofRaw(byte[]... parts) {
        MessageDigest sha256 = Builder.sha256();
        for (byte[] part : parts) {
            sha256.update(part);
        }
        return new Digest(sha256.digest());
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    /** The first 16 bits as a number, 0 to 65,535. */
    int first16Bits() {
        return (Byte.toUnsignedInt(bytes[0]) << Byte.SIZE) | Byte.toUnsignedInt(bytes[1]);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Digest digest && Arrays.equals(bytes, digest.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The digest as 64 lower-case hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }

    /** Adds parts one by one. Each part is preceded by its length, so that ("ab", "c") and ("a", "bc") differ. */
    public static final class Builder {

        private final MessageDigest sha256 = sha256();

        private Builder() {}

        public Builder put(@Nullable String part) {
            if (part == null) {
                sha256.update(number(Integer.BYTES).putInt(-1).array());
                return this;
            }
            byte[] utf8 = part.getBytes(StandardCharsets.UTF_8);
            sha256.update(number(Integer.BYTES).putInt(utf8.length).array());
            sha256.update(utf8);
            return this;
        }

        public Builder put(long part) {
            sha256.update(number(Long.BYTES).putLong(part).array());
            return this;
        }

        public Builder put(Digest part) {
            sha256.update(part.bytes);
            return this;
        }

        public Digest digest() {
            return new Digest(sha256.digest());
        }

        private static ByteBuffer number(int bytes) {
            return ByteBuffer.allocate(bytes);
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("SHA-256 is part of every Java platform", e);
            }
        }
    }
}
