package dev.onsale.waitingroom.token;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;

/** The keys of the admission tokens: one signs, all that are published verify. */
public interface AdmissionKeys {

    /** The current key pair on P-256, with its key id. */
    ECKey signing();

    /** Every key whose tokens are still accepted, the signing one among them. */
    JWKSet accepted();
}
