package dev.onsale.eventlog.personal;

import dev.onsale.api.BuyerId;
import dev.onsale.api.PersonalKeyId;
import java.util.List;
import javax.crypto.SecretKey;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Wraps every live key anew, all or none. What is sealed stays as it is: only the wrapping changes. After it, copies of the table from
 * before are worth nothing to who has not kept the former master key.
 */
final class MasterKeyChange {

    private static final Logger log = LoggerFactory.getLogger(MasterKeyChange.class);
    private static final int ROWS_AT_ONCE = 1_000;

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;

    MasterKeyChange(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
    }

    private record Row(PersonalKeyId keyId, BuyerId buyerId, SecretKey secret) {}

    /** Nothing if another node has done it, or if the former key is not the one of the database. */
    void make(MasterKey former, MasterKey next) {
        transaction.executeWithoutResult(status -> {
            // The row is locked to the end: nodes that start at once do it one after the other.
            List<String> agreed = jdbc.query(
                    "SELECT fingerprint FROM personal_master_key WHERE id = 1 FOR UPDATE",
                    (row, number) -> row.getString(1));
            if (!agreed.equals(List.of(former.fingerprint()))) {
                return;
            }
            long rewrapped = 0;
            String after = "";
            for (List<Row> page = page(after, former); !page.isEmpty(); page = page(after, former)) {
                jdbc.batchUpdate(
                        "UPDATE personal_key SET wrapped_key = ? WHERE key_id = ?",
                        page.stream()
                                .map(row -> new Object[] {
                                    next.wrap(row.keyId(), row.buyerId(), row.secret()),
                                    row.keyId().toString()
                                })
                                .toList());
                rewrapped += page.size();
                after = page.getLast().keyId().toString();
            }
            rewrapped += rewrapSecretKeys(former, next);
            jdbc.update("UPDATE personal_master_key SET fingerprint = ? WHERE id = 1", next.fingerprint());
            log.warn(
                    "{} keys are under the master key {} now, and no more under {}",
                    rewrapped,
                    next.fingerprint(),
                    former.fingerprint());
        });
    }

    private record SecretRow(String part, SecretKey secret) {}

    private int rewrapSecretKeys(MasterKey former, MasterKey next) {
        List<SecretRow> rows = jdbc.query("SELECT name, wrapped_key FROM secret_key", (row, number) -> {
            String part = row.getString("name");
            return new SecretRow(part, former.unwrap(part, row.getBytes("wrapped_key")));
        });
        rows.forEach(row -> jdbc.update(
                "UPDATE secret_key SET wrapped_key = ? WHERE name = ?",
                next.wrap(row.part(), row.secret()),
                row.part()));
        return rows.size();
    }

    private List<Row> page(String after, MasterKey former) {
        return jdbc.query(
                "SELECT key_id, buyer_id, wrapped_key FROM personal_key WHERE key_id > ? AND live = TRUE"
                        + " ORDER BY key_id LIMIT " + ROWS_AT_ONCE,
                (row, number) -> {
                    PersonalKeyId id = PersonalKeyId.of(row.getString("key_id"));
                    BuyerId owner = BuyerId.of(row.getString("buyer_id"));
                    return new Row(id, owner, former.unwrap(id, owner, row.getBytes("wrapped_key")));
                },
                after);
    }
}
