package dev.onsale.platform.idempotency;

import dev.onsale.platform.http.IdempotencyKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * What makes two requests the same one: who asks, the method, the path and the idempotency key; as the first 128 bits of a
 * SHA-256, so that nobody can make a request that bears another one's name.
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
