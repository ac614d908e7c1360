package dev.onsale.proof.sealing;

import dev.onsale.proof.seal.Digest;
import dev.onsale.proof.seal.Seal;
import org.jspecify.annotations.Nullable;

/** A seal as it was given out. */
record StoredSeal(
        Seal seal,
        Digest digest,
        @Nullable String keyId,
        @Nullable String signature) {}
