package dev.onsale.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Carries a refusal out of a command handler. It has no stack trace: in a stampede "no" is the most common answer. */
public final class RefusedException extends RuntimeException {

    private final RefusalCode code;
    // Exceptions are serializable; a Duration is too.
    private final @Nullable Duration retryAfter;

    public RefusedException(RefusalCode code, String detail) {
        this(code, detail, null);
    }

    /**
     * @param retryAfter from when another try may be worth it; absent if that is not known
     */
    public RefusedException(RefusalCode code, String detail, @Nullable Duration retryAfter) {
        super(detail, null, false, false);
        this.code = code;
        this.retryAfter = retryAfter;
    }

    public RefusalCode code() {
        return code;
    }

    /** One sentence for a person; programs go by {@link #code()}. */
    public String detail() {
        return String.valueOf(getMessage());
    }

    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
