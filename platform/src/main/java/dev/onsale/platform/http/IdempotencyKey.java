package dev.onsale.platform.http;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The client's name for one request, from the {@code Idempotency-Key} header: 1 to 200 visible ASCII characters. A repeat
 * with the same key is the same request.
 */
public record IdempotencyKey(String value) {

    public static final String HEADER = "Idempotency-Key";

    private static final Pattern FORM = Pattern.compile("[\\x21-\\x7E]{1,200}");

    /**
     * @throws RefusedException with {@code IDEMPOTENCY_KEY_MISSING} if there is no header, {@code INVALID_REQUEST} if it
     *     has another form
     */
    public static IdempotencyKey ofHeader(@Nullable String header) {
        if (header == null || header.isEmpty()) {
            throw new RefusedException(
                    RefusalCode.IDEMPOTENCY_KEY_MISSING, "Send an Idempotency-Key header, the same for every repeat");
        }
        if (!FORM.matcher(header).matches()) {
            throw new RefusedException(
                    RefusalCode.INVALID_REQUEST, "An Idempotency-Key has 1 to 200 visible ASCII characters");
        }
        return new IdempotencyKey(header);
    }
}
