package dev.onsale.waitingroom.token;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The tables of the admission keys. Instants are milliseconds since 1970. */
final class AdmissionKeyTable {

    private static final String INSERT = "INSERT IGNORE INTO admission_key"
            + " (key_id, slot, wrapped_key, signs_from, verifies_until, created_at) SELECT ?, ?, ?, ?, ?, ? FROM DUAL"
            + " WHERE NOT EXISTS (SELECT 1 FROM admission_key_archive WHERE key_id = ?)";

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;

    AdmissionKeyTable(JdbcTemplate jdbc, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
    }

    /**
     * @param wrapped the key wrapped under the master key, in Base64
     * @param slot signing order from 1; null for a key that does not sign any more
     * @param signsFrom null for a key that does not sign any more or whose private half was removed
     * @param verifiesUntil end of the acceptance of its tokens, null for none, 0 for a revoked key
     */
    record Row(
            String keyId,
            @Nullable Integer slot,
            String wrapped,
            @Nullable Long signsFrom,
            @Nullable Long verifiesUntil,
            long createdAt) {

        boolean signsAt(long now) {
            return signsFrom != null && signsFrom <= now && !isWithdrawn();
        }

        boolean verifiesAt(long now) {
            return verifiesUntil == null || now < verifiesUntil;
        }

        boolean isWithdrawn() {
            return verifiesUntil != null && verifiesUntil == 0;
        }

        /** Whether the private half was removed and only the derived secrets are left. */
        boolean hasOnlySecrets() {
            return slot != null && signsFrom == null;
        }
    }

    /**
     * @param publicKey a JSON Web Key
     * @param withdrawn whether it was revoked
     */
    record Archived(String keyId, String publicKey, boolean withdrawn) {}

    /** Newest first. */
    List<Archived> archive() {
        return jdbc.query(
                "SELECT key_id, public_key, withdrawn FROM admission_key_archive ORDER BY position DESC",
                (row, number) -> new Archived(row.getString(1), row.getString(2), row.getBoolean(3)));
    }

    /**
     * Moves a key to the archive, unless its row has changed.
     *
     * @param secrets replaces the key in the row; null to delete the row
     */
    void remove(Row row, String publicKey, @Nullable String secrets, long now) {
        transaction.executeWithoutResult(status -> {
            jdbc.update(
                    "INSERT IGNORE INTO admission_key_archive (key_id, public_key, withdrawn, removed_at)"
                            + " VALUES (?, ?, ?, ?)",
                    row.keyId(),
                    publicKey,
                    row.isWithdrawn(),
                    now);
            int changed = secrets == null
                    ? jdbc.update(
                            "DELETE FROM admission_key WHERE key_id = ? AND verifies_until = ?",
                            row.keyId(),
                            row.verifiesUntil())
                    : jdbc.update(
                            "UPDATE admission_key SET wrapped_key = ?, signs_from = NULL"
                                    + " WHERE key_id = ? AND verifies_until = ? AND signs_from IS NOT NULL",
                            secrets,
                            row.keyId(),
                            row.verifiesUntil());
            if (changed == 0) {
                status.setRollbackOnly();
            }
        });
    }

    /** In signing order; keys that do not sign any more come first. */
    List<Row> all() {
        return jdbc.query(
                "SELECT key_id, slot, wrapped_key, signs_from, verifies_until, created_at FROM admission_key"
                        + " ORDER BY slot IS NOT NULL, slot, created_at, key_id",
                (row, number) -> new Row(
                        row.getString("key_id"),
                        row.getObject("slot", Integer.class),
                        row.getString("wrapped_key"),
                        row.getObject("signs_from", Long.class),
                        row.getObject("verifies_until", Long.class),
                        row.getLong("created_at")));
    }

    /** False if the key or its slot exists, or the key was removed. */
    boolean insertIfAbsent(Row row) {
        return jdbc.update(
                        INSERT,
                        row.keyId(),
                        row.slot(),
                        row.wrapped(),
                        row.signsFrom(),
                        row.verifiesUntil(),
                        row.createdAt(),
                        row.keyId())
                == 1;
    }

    /**
     * Inserts the next key and sets the end of the last one in one transaction.
     *
     * @return false if another node did so first
     */
    boolean insertAfter(Row last, Row next, long lastVerifiesUntil) {
        Boolean done = transaction.execute(status -> {
            if (!insertIfAbsent(next)) {
                return false;
            }
            jdbc.update(
                    "UPDATE admission_key SET verifies_until = ? WHERE key_id = ? AND verifies_until IS NULL",
                    lastVerifiesUntil,
                    last.keyId());
            return true;
        });
        return Boolean.TRUE.equals(done);
    }
}
