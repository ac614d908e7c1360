package dev.onsale.platform.idempotency;

import dev.onsale.platform.http.IdempotencyKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * The identity of a request: caller, method, path and idempotency key, as the first 128 bits of a SHA-256. A client cannot make
 * a request with the key of another one.
 */
public record RequestKey(long high, long low) {

    private static final byte SEPARATOR = 0;

    static RequestKey of(String subject, String method, String path, IdempotencyKey key) {
        MessageDigest digest = Sha256.digest();
        for (String part : new String[] {subject, method, path, key.value()}) {
            digest.update(part.getBytes(StandardCharsets.UTF_8));
            digest.update(SEPARATOR);
        }
        ByteBuffer hash = ByteBuffer.wrap(digest.digest());
        return new RequestKey(hash.getLong(), hash.getLong());
    }
}
