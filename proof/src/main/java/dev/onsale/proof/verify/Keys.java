package dev.onsale.proof.verify;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.text.ParseException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Public keys by key id. Not thread-safe. */
final class Keys {

    private final Map<String, PublicKey> keys = new HashMap<>();

    /** @param file a JSON Web Key, a JSON Web Key Set or a response of {@code /api/seals/head} */
    static Keys inFile(Path file) throws IOException, ParseException {
        String text = Files.readString(file).strip();
        Keys keys = new Keys();
        var json = com.nimbusds.jose.util.JSONObjectUtils.parse(text);
        if (json.get("keys") instanceof List<?> list && !list.isEmpty() && list.getFirst() instanceof String) {
            for (Object jwk : list) {
                keys.add(String.valueOf(jwk));
            }
        } else if (json.containsKey("keys")) {
            for (JWK jwk : JWKSet.parse(text).getKeys()) {
                keys.add(jwk.toJSONString());
            }
        } else {
            keys.add(text);
        }
        return keys;
    }

    /** Adds a JSON Web Key. Returns whether it is valid. */
    boolean add(String jwk) {
        try {
            ECKey key = ECKey.parse(jwk);
            keys.put(key.getKeyID(), key.toECPublicKey());
            return key.getKeyID() != null;
        } catch (ParseException | JOSEException | RuntimeException notOne) {
            return false;
        }
    }

    int size() {
        return keys.size();
    }

    boolean has(String keyId) {
        return keys.containsKey(keyId);
    }

    boolean verifies(Hash digest, String keyId, @Nullable String signature) {
        PublicKey key = keys.get(keyId);
        if (key == null || signature == null) {
            return false;
        }
        try {
            Signature check = Signature.getInstance("SHA256withECDSAinP1363Format");
            check.initVerify(key);
            check.update(digest.bytes());
            byte[] bytes = Base64.getUrlDecoder().decode(signature);
            // A lenient decoder ignores the unused last bits, so a second text could encode the same signature.
            return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(signature)
                    && check.verify(bytes);
        } catch (GeneralSecurityException | IllegalArgumentException wrong) {
            return false;
        }
    }
}
