package dev.onsale.web.idempotency;

import java.nio.ByteBuffer;

/** What a request asked for: the first 128 bits of the SHA-256 of its body. */
public record Fingerprint(long high, long low) {

    static Fingerprint of(byte[] body) {
        ByteBuffer hash = ByteBuffer.wrap(Sha256.digest().digest(body));
        return new Fingerprint(hash.getLong(), hash.getLong());
    }
}
