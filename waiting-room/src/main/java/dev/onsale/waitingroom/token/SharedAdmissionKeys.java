package dev.onsale.waitingroom.token;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import dev.onsale.waitingroom.token.AdmissionKeyTable.Archived;
import dev.onsale.waitingroom.token.AdmissionKeyTable.Row;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admission keys of all nodes of one database. The first node puts the key of its file, or a new one, into the first slot, and all
 * read back what is there. A rotation publishes the next key {@link #PUBLISHED_BEFORE} before it signs, so that all nodes have read
 * it by then; tokens of the key before are accepted until the last of them has expired. {@link #REMOVED_AFTER} that, its private half is
 * removed; the public half stays, for receipts.
 *
 * <p>Thread-safe. {@link #start()} and {@link #read()} block.
 */
public final class SharedAdmissionKeys implements AdmissionKeys {

    /** Every node reads the keys several times within that. */
    static final Duration PUBLISHED_BEFORE = Duration.ofMinutes(1);

    /** The longest life of a token, and as much again for a node that could not read the table. */
    static final Duration VERIFIED_AFTER = Duration.ofMinutes(20);

    /** After the last token of a key has expired: by then every node has another one, whatever its clock says. */
    static final Duration REMOVED_AFTER = Duration.ofHours(1);

    /** Several readings that failed. */
    static final Duration BEHIND_AFTER = Duration.ofSeconds(30);

    private static final Logger log = LoggerFactory.getLogger(SharedAdmissionKeys.class);

    private final AdmissionKeyTable table;
    private final KeyWrapping wrapping;
    private final @Nullable Path file;
    private final Clock clock;
    private final AtomicLong readings = new AtomicLong();
    private volatile @Nullable KeyRing ring;
    private volatile long readAt;

    /** Of the reading that {@link #ring} is of. */
    private long reading;

    /**
     * @param file keys that this node had before; it is read if it is there, and never written
     */
    SharedAdmissionKeys(AdmissionKeyTable table, KeyWrapping wrapping, @Nullable Path file, Clock clock) {
        this.table = table;
        this.wrapping = wrapping;
        this.file = file;
        this.clock = clock;
    }

    /** Makes sure that there is a first key and that tokens of this node's file stay good, and reads all keys. */
    void start() {
        // A node that cannot open what is there must not write what the others cannot open.
        read();
        List<ECKey> own = file == null
                ? List.of()
                : StoredAdmissionKeys.keysIn(file).stream()
                        .filter(key -> !ring().removed().contains(key.getKeyID()))
                        .toList();
        long now = clock.millis();
        ECKey first = own.isEmpty() ? StoredAdmissionKeys.generated() : own.getFirst();
        if (table.insertIfAbsent(row(first, 1, 0L, null, now))) {
            log.info("The admission key {} is in the database for all nodes now", first.getKeyID());
        }
        read();
        for (ECKey key : own) {
            table.insertIfAbsent(row(key, null, null, now + VERIFIED_AFTER.toMillis(), now));
        }
        read();
    }

    /** Reads what other nodes have published. */
    void read() {
        long number = readings.incrementAndGet();
        KeyRing known = ring;
        long now = clock.millis();
        Map<String, ECKey> keys = new HashMap<>();
        Map<String, byte[]> secrets = new HashMap<>();
        List<Row> rows = table.all();
        // After the rows: a key that is moved meanwhile is in one of them.
        List<Archived> archive = table.archive();
        for (Row row : rows) {
            ECKey read = known == null ? null : known.keys().get(row.keyId());
            if (row.hasOnlySecrets()) {
                secrets.putAll(secrets(row));
            } else {
                keys.put(row.keyId(), read == null ? unwrapped(row) : read);
            }
        }
        List<ECKey> published = archive.stream()
                .filter(key -> !key.withdrawn())
                .map(key -> parsed(key.keyId(), key.publicKey()))
                .toList();
        List<String> removed = archive.stream().map(Archived::keyId).toList();
        take(number, new KeyRing(rows, keys, secrets, published, removed), now);
    }

    /** A reading that began before the one that is known may have missed what that one saw, and changes nothing. */
    private synchronized void take(long number, KeyRing read, long now) {
        if (number > reading) {
            reading = number;
            ring = read;
            readAt = now;
        }
    }

    /** Removes the private halves of keys whose tokens have all expired for a while. */
    void removeFormer() {
        long now = clock.millis();
        KeyRing known = ring();
        List<Row> former = known.expiredAt(now - REMOVED_AFTER.toMillis());
        for (Row row : former) {
            ECKey key = known.key(row);
            String secrets = KeyRing.isFirst(row) ? wrapped(row.keyId(), KeptSecrets.of(key)) : null;
            table.remove(row, key.toPublicJWK().toJSONString(), secrets, now);
            log.info(
                    "The private half of the admission key {} was removed: no token of it counts any more",
                    row.keyId());
        }
        if (!former.isEmpty()) {
            read();
        }
    }

    /** Publishes the next key; the one that is published already, if it does not sign yet. */
    public Rotation rotate() {
        read();
        long now = clock.millis();
        Row last = ring().last();
        if (last.slot() == null || last.signsFrom() == null) {
            throw new IllegalStateException("The table admission_key has no key that signs");
        }
        if (last.signsFrom() <= now) {
            long signsFrom = now + PUBLISHED_BEFORE.toMillis();
            ECKey next = StoredAdmissionKeys.generated();
            boolean first = table.insertAfter(
                    last, row(next, last.slot() + 1, signsFrom, null, now), signsFrom + VERIFIED_AFTER.toMillis());
            read();
            if (first) {
                log.info("The admission key {} is published and signs in {}", next.getKeyID(), PUBLISHED_BEFORE);
            }
        }
        return rotation(ring().last());
    }

    /** Rotates if the newest key has been signing for that long. */
    void rotateAfter(Duration age) {
        Long signsFrom = ring().last().signsFrom();
        // The first key signs from ever: its age is that of its row.
        long since = signsFrom == null || signsFrom == 0 ? ring().last().createdAt() : signsFrom;
        if (clock.millis() - since >= age.toMillis()) {
            rotate();
        }
    }

    /**
     * A key as its operator sees it, without what is secret.
     *
     * @param signsFrom milliseconds since 1970, absent for a key that signs no more
     * @param verifiesUntil milliseconds since 1970, absent for no end
     */
    public record Rotation(
            String keyId,
            @Nullable Long signsFrom,
            @Nullable Long verifiesUntil) {}

    /** All keys that have a private half, those that sign no more first, and then in the order of signing. */
    public List<Rotation> rotations() {
        return ring().rows().stream()
                .filter(row -> !row.hasOnlySecrets())
                .map(SharedAdmissionKeys::rotation)
                .toList();
    }

    @Override
    public ECKey signing() {
        return ring().signing(clock.millis());
    }

    @Override
    public JWKSet accepted() {
        return ring().published();
    }

    @Override
    public boolean acceptsTokensOf(String keyId) {
        Row row = ring().row(keyId);
        return row != null && !row.hasOnlySecrets() && row.verifiesAt(clock.millis());
    }

    @Override
    public boolean mayBeBehind() {
        return clock.millis() - readAt > BEHIND_AFTER.toMillis();
    }

    @Override
    public byte[] secret(String purpose) {
        return ring().secret(purpose);
    }

    private KeyRing ring() {
        KeyRing read = ring;
        if (read == null) {
            throw new IllegalStateException("The admission keys are read when the application starts");
        }
        return read;
    }

    private Row row(ECKey key, @Nullable Integer slot, @Nullable Long signsFrom, @Nullable Long until, long now) {
        return new Row(key.getKeyID(), slot, wrapped(key.getKeyID(), key.toJSONString()), signsFrom, until, now);
    }

    private String wrapped(String keyId, String text) {
        return Base64.getEncoder().encodeToString(wrapping.wrap(keyId, text.getBytes(StandardCharsets.UTF_8)));
    }

    private ECKey unwrapped(Row row) {
        return parsed(row.keyId(), opened(row));
    }

    private static ECKey parsed(String keyId, String text) {
        try {
            return ECKey.parse(text);
        } catch (ParseException e) {
            throw unreadable(keyId);
        }
    }

    private Map<String, byte[]> secrets(Row row) {
        try {
            return KeptSecrets.parse(opened(row));
        } catch (ParseException e) {
            throw unreadable(row.keyId());
        }
    }

    /** Without its cause, which may quote the key. */
    private static IllegalStateException unreadable(String keyId) {
        return new IllegalStateException("The admission key " + keyId + " in the database is no JSON Web Key");
    }

    private String opened(Row row) {
        try {
            byte[] text = wrapping.unwrap(row.keyId(), Base64.getDecoder().decode(row.wrapped()));
            return new String(text, StandardCharsets.UTF_8);
        } catch (IllegalStateException e) {
            // Without its cause: the message has to tell the operator what to do, in one line.
            throw new IllegalStateException("The admission key " + row.keyId() + " in the database cannot be opened ("
                    + e.getMessage() + "): give this node the same master key as the other nodes");
        }
    }

    private static Rotation rotation(Row row) {
        boolean first = row.signsFrom() != null && row.signsFrom() == 0;
        return new Rotation(row.keyId(), first ? Long.valueOf(row.createdAt()) : row.signsFrom(), row.verifiesUntil());
    }
}
