package dev.onsale.platform.idempotency;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The first answer to a request, to be given again byte for byte.
 *
 * @param body read-only; do not change its position
 */
public record StoredAnswer(
        Fingerprint fingerprint,
        int status,
        @Nullable String contentType,
        @Nullable String location,
        @Nullable String eTag,
        ByteBuffer body) {

    public StoredAnswer {
        body = body.asReadOnlyBuffer();
    }

    public byte[] bytes() {
        byte[] bytes = new byte[body.remaining()];
        body.duplicate().get(bytes);
        return bytes;
    }
}
