package dev.onsale.waitingroom.token;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import dev.onsale.waitingroom.token.AdmissionKeyTable.Row;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Encodes admission keys for the database and decodes them: JSON Web Keys, wrapped under the master key. */
final class KeyCodec {

    private final KeyWrapping wrapping;

    KeyCodec(KeyWrapping wrapping) {
        this.wrapping = wrapping;
    }

    Row row(ECKey key, @Nullable Integer slot, @Nullable Long signsFrom, @Nullable Long until, long now) {
        return new Row(key.getKeyID(), slot, wrapped(key.getKeyID(), key.toJSONString()), signsFrom, until, now);
    }

    private String wrapped(String keyId, String text) {
        return Base64.getEncoder().encodeToString(wrapping.wrap(keyId, text.getBytes(StandardCharsets.UTF_8)));
    }

    ECKey unwrapped(Row row) {
        return parsed(row.keyId(), opened(row));
    }

    static ECKey parsed(String keyId, String text) {
        try {
            return ECKey.parse(text);
        } catch (ParseException e) {
            throw unreadable(keyId);
        }
    }

    /** The derived secrets in the row of the first key, by purpose. */
    Map<String, byte[]> secrets(Row row) {
        try {
            Map<String, byte[]> secrets = new HashMap<>();
            for (JWK secret : JWKSet.parse(opened(row)).getKeys()) {
                secrets.put(secret.getKeyID(), secret.toOctetSequenceKey().toByteArray());
            }
            return secrets;
        } catch (ParseException e) {
            throw unreadable(row.keyId());
        }
    }

    /** Without the cause, which may quote the key. */
    private static IllegalStateException unreadable(String keyId) {
        return new IllegalStateException("The admission key " + keyId + " in the database is not a JSON Web Key");
    }

    private String opened(Row row) {
        try {
            byte[] text = wrapping.unwrap(row.keyId(), Base64.getDecoder().decode(row.wrapped()));
            return new String(text, StandardCharsets.UTF_8);
        } catch (IllegalStateException e) {
            // Without the cause: the message tells the operator what to do.
            throw new IllegalStateException("The admission key " + row.keyId() + " in the database cannot be opened ("
                    + e.getMessage() + "). This node needs the same master key as the other nodes");
        }
    }

    /** The derived secrets of a key, wrapped. Its row keeps them when the private half is removed. */
    String wrappedSecrets(ECKey key) {
        String secrets = new JWKSet(AdmissionKeys.PURPOSES.stream()
                        .<JWK>map(purpose -> new OctetSequenceKey.Builder(StoredAdmissionKeys.secret(key, purpose))
                                .keyID(purpose)
                                .build())
                        .toList())
                .toString(false);
        return wrapped(key.getKeyID(), secrets);
    }
}
