package dev.onsale.platform.idempotency;

import java.nio.ByteBuffer;

/** 128 bits that stand for the body of a request, as they are stored; {@link RequestFingerprint} compares them. */
public record Fingerprint(long high, long low) {

    /** The last 16 bits of a fingerprint that was made of the meaning of a JSON document. */
    private static final long MEANING = 0x4A53;

    private static final long MARK = 0xFFFF;

    /** The first 128 bits of the SHA-256 of the bytes: of a body that is no JSON, and of every body before version 2. */
    static Fingerprint ofBytes(byte[] body) {
        ByteBuffer hash = ByteBuffer.wrap(Sha256.digest().digest(body));
        return new Fingerprint(hash.getLong(), hash.getLong());
    }

    /** The first 112 bits of the SHA-256 of the canonical form, and the mark. */
    static Fingerprint ofMeaning(byte[] canonical) {
        Fingerprint hash = ofBytes(canonical);
        return new Fingerprint(hash.high, (hash.low & ~MARK) | MEANING);
    }

    boolean isOfMeaning() {
        return (low & MARK) == MEANING;
    }
}
