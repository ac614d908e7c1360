package dev.onsale.query.seal;

import dev.onsale.eventlog.seal.Digest;
import dev.onsale.eventlog.seal.Seal;
import org.jspecify.annotations.Nullable;

/** A seal as it was given out. */
record StoredSeal(
        Seal seal,
        Digest digest,
        @Nullable String keyId,
        @Nullable String signature) {}
