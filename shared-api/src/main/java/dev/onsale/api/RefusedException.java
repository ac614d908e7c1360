package dev.onsale.api;

/** Carries a refusal out of a command handler. It has no stack trace: in a stampede "no" is the most common answer. */
public final class RefusedException extends RuntimeException {

    private final RefusalCode code;

    public RefusedException(RefusalCode code, String detail) {
        super(detail, null, false, false);
        this.code = code;
    }

    public RefusalCode code() {
        return code;
    }

    /** One sentence for a person; programs go by {@link #code()}. */
    public String detail() {
        return String.valueOf(getMessage());
    }
}
