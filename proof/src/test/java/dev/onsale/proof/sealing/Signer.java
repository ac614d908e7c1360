package dev.onsale.proof.sealing;

import dev.onsale.proof.seal.Digest;
import java.nio.file.Path;

/** The key of a sealer in the hands of a test. */
public final class Signer {

    private final SealKey key;
    private final String id;

    private Signer(SealKey key, String id) {
        this.key = key;
        this.id = id;
    }

    public static Signer inFile(Path file) {
        SealKey key = SealKey.inFile(file);
        return new Signer(key, key.id());
    }

    /** The same key under another name. */
    public Signer named(String other) {
        return new Signer(key, other);
    }

    public String keyId() {
        return id;
    }

    public String jwk() {
        return key.publicJwk().replace(key.id(), id);
    }

    public String sign(Digest digest) {
        return key.sign(digest);
    }
}
