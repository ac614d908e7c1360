package dev.onsale.platform.idempotency;

import java.util.function.Supplier;
import org.springframework.util.function.SingletonSupplier;

/**
 * The content of a request. JSON bodies are compared by meaning (see {@link CanonicalJson}), other bodies by their bytes.
 *
 * @param fingerprint what is stored with the answer
 * @param bytes the fingerprint that earlier versions stored; computed when it is needed, which is seldom
 */
record RequestFingerprint(Fingerprint fingerprint, Supplier<Fingerprint> bytes) {

    private static final RequestFingerprint NO_BODY = ofBytes(new byte[0]);

    /** How a request relates to one that was stored under the same name. */
    enum Match {
        SAME,
        OTHER,
        /** An earlier version stored the fingerprint of the bytes: the same meaning may have been sent in other bytes. */
        UNKNOWN
    }

    static RequestFingerprint of(byte[] body) {
        if (body.length == 0) {
            return NO_BODY;
        }
        byte[] canonical = CanonicalJson.of(body);
        return canonical == null
                ? ofBytes(body)
                : new RequestFingerprint(
                        Fingerprint.ofMeaning(canonical), SingletonSupplier.of(() -> Fingerprint.ofBytes(body)));
    }

    private static RequestFingerprint ofBytes(byte[] body) {
        Fingerprint bytes = Fingerprint.ofBytes(body);
        return new RequestFingerprint(bytes, () -> bytes);
    }

    Match match(Fingerprint stored) {
        if (stored.equals(fingerprint) || stored.equals(bytes.get())) {
            return Match.SAME;
        }
        return fingerprint.isOfMeaning() && !stored.isOfMeaning() ? Match.UNKNOWN : Match.OTHER;
    }
}
