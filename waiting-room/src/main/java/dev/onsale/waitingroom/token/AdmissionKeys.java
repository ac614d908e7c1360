package dev.onsale.waitingroom.token;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import java.util.List;

/** Keys of the admission tokens: one signs, all published ones verify. Thread-safe. */
public interface AdmissionKeys {

    /** Purpose of the secret of the challenges. */
    String CHALLENGES = "challenges";

    /** Purpose of the secret of the digests of addresses. */
    String ADDRESSES = "addresses";

    /** All purposes. A secret of another purpose would be lost when the first key is removed. */
    List<String> PURPOSES = List.of(CHALLENGES, ADDRESSES);

    /** The current signing key pair on P-256. */
    ECKey signing();

    /** All published keys, including those that verify only receipts. */
    JWKSet accepted();

    /** Whether tokens of a published key are still accepted. */
    default boolean acceptsTokensOf(String keyId) {
        return true;
    }

    /** Whether other nodes may have published a key that this node could not read yet. */
    default boolean mayBeBehind() {
        return false;
    }

    /**
     * A derived secret, the same on all nodes with these keys and unchanged by rotation.
     *
     * @param purpose one of {@link #PURPOSES}
     */
    byte[] secret(String purpose);
}
