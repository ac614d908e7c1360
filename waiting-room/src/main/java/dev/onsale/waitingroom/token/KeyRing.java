package dev.onsale.waitingroom.token;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Admission keys as read from the tables.
 *
 * @param rows in signing order
 * @param keys key pairs by key id
 * @param secrets derived secrets of the first key after its private half was removed, by purpose
 * @param archived public keys of removed rows, newest first, without revoked ones
 * @param removed ids of all removed keys
 */
record KeyRing(
        List<AdmissionKeyTable.Row> rows,
        Map<String, ECKey> keys,
        Map<String, byte[]> secrets,
        List<ECKey> archived,
        List<String> removed) {

    private static final int FIRST_SLOT = 1;

    KeyRing {
        rows = List.copyOf(rows);
        keys = Map.copyOf(keys);
        secrets = Map.copyOf(secrets);
        archived = List.copyOf(archived);
        removed = List.copyOf(removed);
    }

    /** The newest key that signs at the given instant. */
    ECKey signing(long now) {
        return rows.reversed().stream()
                .filter(row -> row.signsAt(now))
                .findFirst()
                .map(this::key)
                .orElseThrow(() -> new IllegalStateException("All admission keys were revoked"));
    }

    /** The newest key, which may not sign yet. */
    AdmissionKeyTable.Row last() {
        return rows.getLast();
    }

    /** Derived from the first key, which all nodes have and no rotation changes. */
    byte[] secret(String purpose) {
        AdmissionKeyTable.Row first = rows.stream()
                .filter(KeyRing::isFirst)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("The table admission_key has no slot " + FIRST_SLOT));
        byte[] kept = secrets.get(purpose);
        return kept == null ? StoredAdmissionKeys.secret(key(first), purpose) : kept.clone();
    }

    static boolean isFirst(AdmissionKeyTable.Row row) {
        return row.slot() != null && row.slot() == FIRST_SLOT;
    }

    /** Newest first. */
    JWKSet published() {
        List<JWK> published = new ArrayList<>();
        rows.reversed().stream()
                .filter(row -> !row.isWithdrawn() && !row.hasOnlySecrets())
                .forEach(row -> published.add(key(row)));
        // A key may have been archived between the reads of the two tables.
        archived.stream().filter(key -> !keys.containsKey(key.getKeyID())).forEach(published::add);
        return new JWKSet(published);
    }

    /** Keys except the newest whose tokens have all expired. */
    List<AdmissionKeyTable.Row> expiredAt(long instant) {
        return rows.stream()
                .filter(row -> !row.hasOnlySecrets() && !row.verifiesAt(instant) && !row.equals(last()))
                .toList();
    }

    AdmissionKeyTable.@Nullable Row row(String keyId) {
        return rows.stream()
                .filter(row -> row.keyId().equals(keyId))
                .findFirst()
                .orElse(null);
    }

    ECKey key(AdmissionKeyTable.Row row) {
        ECKey key = keys.get(row.keyId());
        if (key == null) {
            throw new IllegalStateException("The admission key " + row.keyId() + " was not read");
        }
        return key;
    }
}
