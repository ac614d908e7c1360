package dev.onsale.platform.idempotency;

/** What became of the attempt to be the one who works on a request. */
public sealed interface KeyClaim {

    /** The caller works on it, and settles the lease or gives it up. */
    record Granted() implements KeyClaim {}

    /** It was answered before. */
    record Answered(StoredAnswer answer) implements KeyClaim {}

    /** Another one works on it, here or on another node. */
    record Taken(Fingerprint fingerprint) implements KeyClaim {}
}
