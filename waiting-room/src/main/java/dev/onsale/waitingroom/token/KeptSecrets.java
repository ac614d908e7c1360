package dev.onsale.waitingroom.token;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import java.text.ParseException;
import java.util.HashMap;
import java.util.Map;

/**
 * The secrets of the first admission key, without the key: its row keeps them when the private half is removed. Stored as a set of
 * JSON Web Keys whose identifiers are the purposes.
 */
final class KeptSecrets {

    private KeptSecrets() {}

    static String of(ECKey key) {
        return new JWKSet(AdmissionKeys.PURPOSES.stream()
                        .<JWK>map(purpose -> new OctetSequenceKey.Builder(StoredAdmissionKeys.secret(key, purpose))
                                .keyID(purpose)
                                .build())
                        .toList())
                .toString(false);
    }

    /** The secrets by purpose. */
    static Map<String, byte[]> parse(String text) throws ParseException {
        Map<String, byte[]> secrets = new HashMap<>();
        for (JWK secret : JWKSet.parse(text).getKeys()) {
            secrets.put(secret.getKeyID(), secret.toOctetSequenceKey().toByteArray());
        }
        return secrets;
    }
}
