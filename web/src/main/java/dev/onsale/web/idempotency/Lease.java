package dev.onsale.web.idempotency;

/** What became of the attempt to be the one who works on a request. */
public sealed interface Lease {

    /** The caller works on it, and settles the lease or gives it up. */
    record Granted() implements Lease {}

    /** It was answered before. */
    record Answered(StoredAnswer answer) implements Lease {}

    /** Another one works on it, here or on another node. */
    record Taken(Fingerprint fingerprint) implements Lease {}
}
