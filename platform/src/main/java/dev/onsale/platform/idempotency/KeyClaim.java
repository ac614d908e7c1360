package dev.onsale.platform.idempotency;

/** The result of claiming a request key. */
public sealed interface KeyClaim {

    /** The caller works on it, and settles the lease or gives it up. */
    record Granted() implements KeyClaim {}

    /** It was answered before. */
    record Answered(StoredAnswer answer) implements KeyClaim {}

    /** Another one works on it, here or on another node. */
    record Taken(Fingerprint fingerprint) implements KeyClaim {}
}
