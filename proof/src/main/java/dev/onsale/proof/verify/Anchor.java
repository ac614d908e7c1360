package dev.onsale.proof.verify;

/**
 * A seal that somebody noted, independently of the operator.
 *
 * @param seal its digest
 */
record Anchor(long number, Hash seal) {

    /** @throws IllegalArgumentException if it is not {@code NUMBER:SEAL} */
    static Anchor of(String text) {
        int colon = text.indexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("An anchor is NUMBER:SEAL");
        }
        return new Anchor(Long.parseLong(text.substring(0, colon)), Hash.of(text.substring(colon + 1)));
    }
}
