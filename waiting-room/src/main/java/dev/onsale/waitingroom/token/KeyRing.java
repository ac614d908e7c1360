package dev.onsale.waitingroom.token;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The admission keys as they were read from the table.
 *
 * @param rows in the order of signing
 * @param keys the key pairs by key id
 */
record KeyRing(List<AdmissionKeyTable.Row> rows, Map<String, ECKey> keys) {

    private static final int FIRST_SLOT = 1;

    KeyRing {
        rows = List.copyOf(rows);
        keys = Map.copyOf(keys);
    }

    /** The last key that signs by now. */
    ECKey signing(long now) {
        return key(rows.reversed().stream()
                .filter(row -> row.signsAt(now))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Every admission key was withdrawn")));
    }

    /** The key that signs or will sign after all others. */
    AdmissionKeyTable.Row last() {
        return rows.getLast();
    }

    /** The key that all nodes have had from the beginning and that no rotation changes. */
    ECKey first() {
        return key(rows.stream()
                .filter(row -> row.slot() != null && row.slot() == FIRST_SLOT)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("The table admission_key has no slot " + FIRST_SLOT)));
    }

    /** The newest first. */
    JWKSet published() {
        List<JWK> published = new ArrayList<>();
        rows.reversed().stream().filter(row -> !row.isWithdrawn()).forEach(row -> published.add(key(row)));
        return new JWKSet(published);
    }

    AdmissionKeyTable.@Nullable Row row(String keyId) {
        return rows.stream()
                .filter(row -> row.keyId().equals(keyId))
                .findFirst()
                .orElse(null);
    }

    private ECKey key(AdmissionKeyTable.Row row) {
        ECKey key = keys.get(row.keyId());
        if (key == null) {
            throw new IllegalStateException("The admission key " + row.keyId() + " was not read");
        }
        return key;
    }
}
