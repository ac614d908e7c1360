package dev.onsale.eventlog.personal;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.AEADBadTagException;
import javax.crypto.SecretKey;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Seals secrets that other parts of the product keep in the database, each under a key of its part that the master key wraps: a copy
 * of the database opens none of them. Thread-safe; blocks at the first use of a name.
 */
public final class SecretSeal {

    private final JdbcClient jdbc;
    private final AgreedMasterKey master;
    private final Map<String, SecretKey> keys = new ConcurrentHashMap<>();

    SecretSeal(JdbcClient jdbc, AgreedMasterKey master) {
        this.jdbc = jdbc;
        this.master = master;
    }

    /** Whether there is a master key. Known once all beans are made. */
    public boolean isAvailable() {
        return master.isSet();
    }

    /**
     * @param part whose key seals, 1 to 64 ASCII characters
     * @param place what the secret belongs to: it can be opened there alone
     */
    public byte[] seal(String part, String place, byte[] secret) {
        return Aead.seal(key(part), place, secret);
    }

    /**
     * @throws IllegalStateException if it was not sealed for this part and place under the master key of this node
     */
    public byte[] open(String part, String place, byte[] sealed) {
        try {
            return Aead.open(key(part), place, sealed);
        } catch (AEADBadTagException e) {
            throw new IllegalStateException(
                    "A secret of " + part + " was not sealed for its row under this master key");
        }
    }

    private SecretKey key(String part) {
        return keys.computeIfAbsent(part, this::agreed);
    }

    /** The first node makes it, and all read back what the first one made. */
    private SecretKey agreed(String part) {
        jdbc.sql("INSERT IGNORE INTO secret_key (name, wrapped_key) VALUES (?, ?)")
                .param(part)
                .param(master.get().wrap(part, Aead.newKey()))
                .update();
        byte[] wrapped = jdbc.sql("SELECT wrapped_key FROM secret_key WHERE name = ?")
                .param(part)
                .query(byte[].class)
                .single();
        return master.get().unwrap(part, wrapped);
    }
}
