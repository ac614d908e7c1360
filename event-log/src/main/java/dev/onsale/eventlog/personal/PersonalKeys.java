package dev.onsale.eventlog.personal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.onsale.api.BuyerId;
import dev.onsale.api.OperatorId;
import dev.onsale.api.PersonalKeyId;
import dev.onsale.api.personal.ErasedBy;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The keys of persons, one live at a time for each. Made when something of a person is sealed for the first time, and destroyed by an
 * erasure; what is sealed after it gets a new key, and nothing brings an old one back.
 */
public final class PersonalKeys {

    private static final Logger log = LoggerFactory.getLogger(PersonalKeys.class);

    private final JdbcClient jdbc;
    private final LiveKeys live;
    private final Clock clock;
    private final Duration cachedFor;
    private final Cache<Owned, Optional<SecretKey>> opened;

    PersonalKeys(JdbcClient jdbc, Supplier<MasterKey> master, PersonalDataSettings settings, Clock clock) {
        this.jdbc = jdbc;
        this.live = new LiveKeys(jdbc, master, clock);
        this.clock = clock;
        this.cachedFor = settings.keysCachedFor();
        // Real time and not the clock's: that a test moves the clock must not keep a key.
        this.opened = Caffeine.newBuilder()
                .maximumSize(settings.keysCachedMax())
                .expireAfterWrite(settings.keysCachedFor())
                .build();
    }

    private record Owned(PersonalKeyId id, BuyerId owner) {}

    /** How long after an erasure another node may still open what it opened shortly before. */
    public Duration cachedFor() {
        return cachedFor;
    }

    /** The live key of a person, made if there is none. Always as the table has it: nothing new may be sealed under an erased key. */
    LiveKeys.NamedKey toSealFor(BuyerId owner) {
        // Cached before it can be erased, because an erasure also removes it from the cache of this node.
        return live.of(owner, made -> opened.put(new Owned(made.id(), made.owner()), Optional.of(made.secret())));
    }

    /** A key by its name; nothing if it was erased. */
    Optional<SecretKey> find(PersonalKeyId id, BuyerId owner) {
        return Objects.requireNonNull(opened.get(new Owned(id, owner), key -> read(id, owner)));
    }

    /**
     * Asks the log in the same statement: a restored backup of the table may have a key that was erased, and the log then still
     * knows of the erasure.
     */
    private Optional<SecretKey> read(PersonalKeyId id, BuyerId owner) {
        return jdbc.sql("SELECT key_id, buyer_id, wrapped_key, EXISTS (SELECT 1 FROM domain_event WHERE"
                        + " aggregate_identifier = ? AND payload_type = 'onsale.personal-data-erased') AS erased"
                        + " FROM personal_key WHERE key_id = ? AND buyer_id = ? AND live = TRUE")
                .params(id.toString(), id.toString(), owner.toString())
                .query((row, number) -> row.getBoolean("erased")
                        ? erased(id)
                        : Optional.of(live.key(row).secret()))
                .optional()
                .flatMap(found -> found);
    }

    private static Optional<SecretKey> erased(PersonalKeyId id) {
        log.warn("Key {} was erased and is back in the table, as from a backup. It is not used. Erase it again", id);
        return Optional.empty();
    }

    /**
     * Destroys the key of a person, if there is one.
     *
     * @return this and all earlier erasures of the person, the oldest first
     */
    public List<Erasure> erase(BuyerId owner, ErasedBy by, @Nullable OperatorId operator) {
        var unused = LostRaces.again(() -> jdbc.sql(
                        "UPDATE personal_key SET live = NULL, wrapped_key = NULL, untold = TRUE, erased_at = :at,"
                                + " erased_by = :by, operator = :operator WHERE buyer_id = :owner AND live = TRUE")
                .param("at", clock.instant().toString())
                .param("by", by.name())
                .param("operator", operator == null ? null : operator.toString())
                .param("owner", owner.toString())
                .update());
        List<Erasure> erasures = erasures("buyer_id = ? AND live IS NULL", owner.toString(), Integer.MAX_VALUE);
        erasures.forEach(erasure -> opened.invalidate(new Owned(erasure.keyId(), owner)));
        return erasures;
    }

    /** Erasures that the log may not have yet. */
    public List<Erasure> untold(int limit) {
        return erasures("untold = ?", true, limit);
    }

    /** The log has it. */
    public void told(PersonalKeyId id) {
        jdbc.sql("UPDATE personal_key SET untold = NULL WHERE key_id = ?")
                .param(id.toString())
                .update();
    }

    private List<Erasure> erasures(String which, Object value, int limit) {
        return jdbc.sql("SELECT key_id, erased_at, erased_by, operator FROM personal_key WHERE " + which
                        + " ORDER BY erased_at, key_id LIMIT " + limit)
                .param(value)
                .query((row, number) -> erasure(row))
                .list();
    }

    private static Erasure erasure(ResultSet row) throws SQLException {
        String operator = row.getString("operator");
        return new Erasure(
                PersonalKeyId.of(row.getString("key_id")),
                ErasedBy.valueOf(row.getString("erased_by")),
                operator == null ? null : OperatorId.of(operator),
                Instant.parse(row.getString("erased_at")));
    }
}
