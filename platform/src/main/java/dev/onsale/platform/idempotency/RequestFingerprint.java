package dev.onsale.platform.idempotency;

/**
 * The content of a request. JSON bodies are compared by meaning (see {@link CanonicalJson}), other bodies by their bytes.
 *
 * @param fingerprint what is stored with the answer
 * @param bytes the fingerprint that earlier versions stored
 */
record RequestFingerprint(Fingerprint fingerprint, Fingerprint bytes) {

    /** How a request relates to one that was stored under the same name. */
    enum Match {
        SAME,
        OTHER,
        /** An earlier version stored the fingerprint of the bytes: the same meaning may have been sent in other bytes. */
        UNKNOWN
    }

    static RequestFingerprint of(byte[] body) {
        Fingerprint bytes = Fingerprint.ofBytes(body);
        byte[] canonical = CanonicalJson.of(body);
        return new RequestFingerprint(canonical == null ? bytes : Fingerprint.ofMeaning(canonical), bytes);
    }

    Match match(Fingerprint stored) {
        if (stored.equals(fingerprint) || stored.equals(bytes)) {
            return Match.SAME;
        }
        return fingerprint.isOfMeaning() && !stored.isOfMeaning() ? Match.UNKNOWN : Match.OTHER;
    }
}
