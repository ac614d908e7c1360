package dev.onsale.proof.verify;

import dev.onsale.proof.export.ExportLine;
import dev.onsale.proof.seal.Digest;
import dev.onsale.proof.seal.Seal;
import org.jspecify.annotations.Nullable;

/**
 * Checks the chain of seals: each seal against its predecessor, its signature, and the anchor if one was given. Not
 * thread-safe.
 */
final class SealChain {

    private final Tampering tampering;
    private final @Nullable Anchor anchor;
    private @Nullable Seal last;
    private long signed;
    private long count;
    private boolean anchored;
    private boolean lastSigned;

    SealChain(Tampering tampering, @Nullable Anchor anchor) {
        this.tampering = tampering;
        this.anchor = anchor;
    }

    void on(ExportLine.Sealed line, long at, Keys keys) {
        count++;
        String name = "Seal " + line.number() + " (line " + at + ")";
        Digest stated = SaleChain.digest(line.seal());
        Seal seal;
        try {
            seal = line.values();
        } catch (IllegalArgumentException notOne) {
            tampering.add(name + " has an invalid digest");
            return;
        }
        if (!seal.digest().equals(stated)) {
            tampering.add(name + " is not the digest of its own values");
        }
        Seal before = last;
        if (before != null
                && (seal.number() != before.number() + 1
                        || !seal.previous().equals(before.digest())
                        || seal.firstPosition() <= before.lastPosition())) {
            tampering.add(name + " does not follow seal " + before.number());
        }
        if (line.keyId() != null) {
            signed++;
            if (!keys.has(line.keyId())) {
                tampering.add(name + " is signed by key " + line.keyId() + ", which is not trusted");
            } else if (!keys.verifies(seal.digest(), line.keyId(), line.signature())) {
                tampering.add(name + " has an invalid signature");
            }
        } else if (line.signature() != null) {
            tampering.add(name + " has a signature without a key");
        }
        if (anchor != null && anchor.number() == seal.number()) {
            anchored = true;
            if (!anchor.seal().equals(seal.digest())) {
                tampering.add(name + " is not the anchor: the chain was recomputed");
            }
        }
        last = seal;
        lastSigned = line.keyId() != null;
    }

    @Nullable
    Seal last() {
        return last;
    }

    boolean lastSigned() {
        return lastSigned;
    }

    long count() {
        return count;
    }

    long signed() {
        return signed;
    }

    boolean anchored() {
        return anchored;
    }

    /** A seal that was noted earlier. */
    record Anchor(long number, Digest seal) {

        /**
         * @throws IllegalArgumentException if it is not {@code NUMBER:SEAL}
         */
        static Anchor of(String text) {
            int colon = text.indexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException("An anchor is NUMBER:SEAL");
            }
            return new Anchor(Long.parseLong(text.substring(0, colon)), Digest.ofHex(text.substring(colon + 1)));
        }
    }
}
