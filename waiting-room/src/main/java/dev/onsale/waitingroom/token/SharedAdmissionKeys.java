package dev.onsale.waitingroom.token;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import dev.onsale.waitingroom.token.AdmissionKeyTable.Archived;
import dev.onsale.waitingroom.token.AdmissionKeyTable.Row;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Admission keys of all nodes that share a database. The first node inserts the key of its file, or a new one. A
 * rotation publishes the next key {@link #PUBLISHED_BEFORE} before it signs, so that all nodes have read it by then.
 * Tokens of the former key are accepted until they expire. {@link #REMOVED_AFTER} later its private half is removed;
 * the public half stays for receipts.
 *
 * <p>Thread-safe. {@link #start()} and {@link #read()} block.
 */
public final class SharedAdmissionKeys implements AdmissionKeys {

    /** Long enough for several reads by every node. */
    static final Duration PUBLISHED_BEFORE = Duration.ofMinutes(1);

    /** Maximum lifetime of a token, and as much again for a node that could not read the table. */
    static final Duration VERIFIED_AFTER = Duration.ofMinutes(20);

    /** Time after the last token of a key has expired: by then no node signs with it, even with a wrong clock. */
    static final Duration REMOVED_AFTER = Duration.ofHours(1);

    /** Several failed reads. */
    static final Duration BEHIND_AFTER = Duration.ofSeconds(30);

    private static final Logger log = LoggerFactory.getLogger(SharedAdmissionKeys.class);

    private final AdmissionKeyTable table;
    private final KeyCodec codec;
    private final @Nullable Path file;
    private final Clock clock;
    private final AtomicLong readings = new AtomicLong();
    private volatile @Nullable KeyRing ring;
    private volatile long readAt;

    /** Number of the read that produced {@link #ring}. */
    private long reading;

    /**
     * @param file former keys of this node; read if it exists, never written
     */
    SharedAdmissionKeys(AdmissionKeyTable table, KeyWrapping wrapping, @Nullable Path file, Clock clock) {
        this.table = table;
        this.codec = new KeyCodec(wrapping);
        this.file = file;
        this.clock = clock;
    }

    /** Ensures that there is a first key and that tokens of the file remain valid, and reads all keys. */
    void start() {
        // A node with the wrong master key must fail before it writes keys that the others cannot read.
        read();
        List<ECKey> own = file == null
                ? List.of()
                : StoredAdmissionKeys.keysIn(file).stream()
                        .filter(key -> !ring().removed().contains(key.getKeyID()))
                        .toList();
        long now = clock.millis();
        ECKey first = own.isEmpty() ? StoredAdmissionKeys.generated() : own.getFirst();
        if (table.insertIfAbsent(codec.row(first, 1, 0L, null, now))) {
            log.info("Stored the admission key {} in the database for all nodes", first.getKeyID());
        }
        read();
        for (ECKey key : own) {
            table.insertIfAbsent(codec.row(key, null, null, now + VERIFIED_AFTER.toMillis(), now));
        }
        read();
    }

    /** Reads the keys, including those of other nodes. */
    void read() {
        long number = readings.incrementAndGet();
        KeyRing known = ring;
        long now = clock.millis();
        Map<String, ECKey> keys = new HashMap<>();
        Map<String, byte[]> secrets = new HashMap<>();
        List<Row> rows = table.all();
        // Read after the rows: a key that is archived meanwhile is in at least one of them.
        List<Archived> archive = table.archive();
        for (Row row : rows) {
            ECKey read = known == null ? null : known.keys().get(row.keyId());
            if (row.hasOnlySecrets()) {
                secrets.putAll(codec.secrets(row));
            } else {
                keys.put(row.keyId(), read == null ? codec.unwrapped(row) : read);
            }
        }
        List<ECKey> published = archive.stream()
                .filter(key -> !key.withdrawn())
                .map(key -> KeyCodec.parsed(key.keyId(), key.publicKey()))
                .toList();
        List<String> removed = archive.stream().map(Archived::keyId).toList();
        take(number, new KeyRing(rows, keys, secrets, published, removed), now);
    }

    /** Ignores a read that began before the one that is known. */
    private synchronized void take(long number, KeyRing read, long now) {
        if (number > reading) {
            reading = number;
            ring = read;
            readAt = now;
        }
    }

    /** Removes the private halves of keys whose tokens expired long ago. */
    void removeFormer() {
        long now = clock.millis();
        KeyRing known = ring();
        List<Row> former = known.expiredAt(now - REMOVED_AFTER.toMillis());
        for (Row row : former) {
            ECKey key = known.key(row);
            String secrets = KeyRing.isFirst(row) ? codec.wrappedSecrets(key) : null;
            table.remove(row, key.toPublicJWK().toJSONString(), secrets, now);
            log.info("Removed the private half of the admission key {}: all its tokens have expired", row.keyId());
        }
        if (!former.isEmpty()) {
            read();
        }
    }

    /** Publishes the next key. Returns the published one if it does not sign yet. */
    public Rotation rotate() {
        read();
        long now = clock.millis();
        Row last = ring().last();
        if (last.slot() == null || last.signsFrom() == null) {
            throw new IllegalStateException("The table admission_key has no signing key");
        }
        if (last.signsFrom() <= now) {
            long signsFrom = now + PUBLISHED_BEFORE.toMillis();
            ECKey next = StoredAdmissionKeys.generated();
            boolean first = table.insertAfter(
                    last,
                    codec.row(next, last.slot() + 1, signsFrom, null, now),
                    signsFrom + VERIFIED_AFTER.toMillis());
            read();
            if (first) {
                log.info("Published the admission key {}, which signs in {}", next.getKeyID(), PUBLISHED_BEFORE);
            }
        }
        return rotation(ring().last());
    }

    /** Rotates if the newest key has been signing for the given time. */
    void rotateAfter(Duration age) {
        if (age().compareTo(age) >= 0) {
            rotate();
        }
    }

    /** How long the newest key signs; negative for one that does not sign yet. */
    Duration age() {
        Long signsFrom = ring().last().signsFrom();
        // The first key has signsFrom 0, so its age is that of its row.
        long since = signsFrom == null || signsFrom == 0 ? ring().last().createdAt() : signsFrom;
        return Duration.ofMillis(clock.millis() - since);
    }

    /**
     * A key without its secrets.
     *
     * @param signsFrom milliseconds since 1970, null for a key that does not sign any more
     * @param verifiesUntil milliseconds since 1970, null for no end
     */
    public record Rotation(
            String keyId,
            @Nullable Long signsFrom,
            @Nullable Long verifiesUntil) {}

    /** All keys with a private half in signing order; those that do not sign any more come first. */
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
            throw new IllegalStateException("The admission keys have not been read yet");
        }
        return read;
    }

    private static Rotation rotation(Row row) {
        boolean first = row.signsFrom() != null && row.signsFrom() == 0;
        return new Rotation(row.keyId(), first ? Long.valueOf(row.createdAt()) : row.signsFrom(), row.verifiesUntil());
    }
}
