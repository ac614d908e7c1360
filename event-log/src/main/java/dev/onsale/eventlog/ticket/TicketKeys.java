package dev.onsale.eventlog.ticket;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.eventlog.personal.SecretSeal;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The keys of the tickets, the same on all nodes: rows of {@code ticket_key}, whose private halves are sealed under the master key.
 * The first ticket makes the first key. Thread-safe; blocks while it reads the table.
 */
public final class TicketKeys {

    private static final String PART = "tickets";
    private static final Duration READ_EVERY = Duration.ofMinutes(1);

    /** An unknown key of a code is looked for so often at most. */
    private static final Duration READ_AGAIN_AFTER = Duration.ofSeconds(1);

    private final JdbcClient jdbc;
    private final SecretSeal seal;
    private volatile @Nullable Known known;

    TicketKeys(JdbcClient jdbc, SecretSeal seal) {
        this.jdbc = jdbc;
        this.seal = seal;
    }

    private record Row(
            int slot,
            String keyId,
            String publicKey,
            @Nullable String privateKey) {}

    /**
     * @param signing absent if no row has a private half
     * @param lastSlot 0 if there is no row
     * @param readAt of {@link System#nanoTime()}
     */
    private record Known(@Nullable ECKey signing, JWKSet accepted, int lastSlot, long readAt) {

        boolean isOlderThan(Duration age) {
            return System.nanoTime() - readAt > age.toNanos();
        }
    }

    /**
     * The code of a ticket. Two calls give two codes of the same ticket, and both are right.
     *
     * @throws RefusedException with {@code TEMPORARILY_UNAVAILABLE} without a master key
     */
    public String sign(Ticket ticket) {
        Known current = current();
        ECKey key = current.signing();
        if (key == null) {
            make(current.lastSlot() + 1);
            key = read().signing();
        }
        if (key == null) {
            throw new RefusedException(
                    RefusalCode.TEMPORARILY_UNAVAILABLE, "The key of the tickets has just changed; try again");
        }
        return ticket.signed(key);
    }

    /** The ticket of a code; empty if it is not signed by one of the keys. */
    public Optional<Ticket> ticketOf(String code) {
        return Ticket.of(code, this::publicKey);
    }

    private @Nullable ECKey publicKey(String id) {
        Known current = current();
        JWK key = current.accepted().getKeyByKeyId(id);
        if (key == null && current.isOlderThan(READ_AGAIN_AFTER)) {
            // Another node may have made it since.
            key = read().accepted().getKeyByKeyId(id);
        }
        return key == null ? null : key.toECKey();
    }

    /** The public halves of all keys. */
    public JWKSet published() {
        return current().accepted();
    }

    private Known current() {
        Known current = known;
        return current != null && !current.isOlderThan(READ_EVERY) ? current : read();
    }

    private Known read() {
        long readAt = System.nanoTime();
        List<Row> rows = jdbc.sql("SELECT slot, key_id, public_key, private_key FROM ticket_key ORDER BY slot DESC")
                .query((row, number) -> new Row(
                        row.getInt("slot"),
                        row.getString("key_id"),
                        row.getString("public_key"),
                        row.getString("private_key")))
                .list();
        ECKey signing = rows.stream()
                .filter(row -> row.privateKey() != null)
                .findFirst()
                .map(this::opened)
                .orElse(null);
        List<JWK> accepted =
                rows.stream().<JWK>map(row -> parsed(row.publicKey())).toList();
        Known read = new Known(
                signing,
                new JWKSet(accepted),
                rows.isEmpty() ? 0 : rows.getFirst().slot(),
                readAt);
        known = read;
        return read;
    }

    private @Nullable ECKey opened(Row row) {
        String sealed = row.privateKey();
        // Without a master key tickets can still be checked.
        return sealed == null || !seal.isAvailable()
                ? null
                : parsed(new String(
                        seal.open(PART, row.keyId(), Base64.getDecoder().decode(sealed)), StandardCharsets.UTF_8));
    }

    private static ECKey parsed(String jwk) {
        try {
            return ECKey.parse(jwk);
        } catch (ParseException e) {
            // Without the cause, which may quote the key.
            throw new IllegalStateException("A key of the table ticket_key is not a JSON Web Key");
        }
    }

    /** Of several nodes one makes the key: the slot is taken once. */
    private void make(int slot) {
        if (!seal.isAvailable()) {
            throw new RefusedException(
                    RefusalCode.TEMPORARILY_UNAVAILABLE,
                    "Tickets need onsale.personal-data.master-key, which is not set");
        }
        ECKey key = generated();
        byte[] sealed = seal.seal(PART, key.getKeyID(), key.toJSONString().getBytes(StandardCharsets.UTF_8));
        jdbc.sql("INSERT IGNORE INTO ticket_key (slot, key_id, public_key, private_key) VALUES (?, ?, ?, ?)")
                .param(slot)
                .param(key.getKeyID())
                .param(key.toPublicJWK().toJSONString())
                .param(Base64.getEncoder().encodeToString(sealed))
                .update();
    }

    private static ECKey generated() {
        try {
            return new ECKeyGenerator(Curve.P_256)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyIDFromThumbprint(true)
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException("P-256 is part of every Java platform", e);
        }
    }
}
