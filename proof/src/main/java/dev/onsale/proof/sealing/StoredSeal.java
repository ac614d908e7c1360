package dev.onsale.proof.sealing;

import dev.onsale.proof.seal.Digest;
import dev.onsale.proof.seal.Seal;
import org.jspecify.annotations.Nullable;

/** A stored seal with its digest and signature. */
record StoredSeal(
        Seal seal,
        Digest digest,
        @Nullable String keyId,
        @Nullable String signature) {}
