package dev.onsale.waitingroom.token;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import java.util.List;

/** The keys of the admission tokens: one signs at a time, all that are published verify. Thread-safe. */
public interface AdmissionKeys {

    /** Purpose of the secret of the challenges. */
    String CHALLENGES = "challenges";

    /** Purpose of the secret of the digests of addresses. */
    String ADDRESSES = "addresses";

    /** All purposes: what is not here is lost when the first key is removed. */
    List<String> PURPOSES = List.of(CHALLENGES, ADDRESSES);

    /** The current key pair on P-256, with its key id. */
    ECKey signing();

    /** Every key that may be published, the signing one among them: also those that verify receipts alone. */
    JWKSet accepted();

    /** Whether tokens that a published key has signed are still accepted. */
    default boolean acceptsTokensOf(String keyId) {
        return true;
    }

    /** Whether other nodes may have published a key by now that this node could not read. */
    default boolean mayBeBehind() {
        return false;
    }

    /**
     * A secret for another purpose than signing: the same on every node that has these keys, and not changed by a rotation.
     *
     * @param purpose one of {@link #PURPOSES}
     */
    byte[] secret(String purpose);
}
