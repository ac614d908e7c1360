package dev.onsale.query.rebuild;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.onsale.query.readmodel.ReadModelName;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** How often each projection was switched. What is cached of it outside the database belongs to one generation. */
@Component
public class Generations {

    /** So long may another process read copies of the tables before a switch. Writers {@link #keep} what they have read. */
    private static final Duration KEPT = Duration.ofSeconds(1);

    private final JdbcTemplate jdbc;
    private final LoadingCache<String, Long> kept;

    Generations(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.kept =
                Caffeine.newBuilder().expireAfterWrite(KEPT).maximumSize(100).build(this::read);
    }

    public long of(ReadModelName model) {
        return of(model.text());
    }

    long of(String projection) {
        return Objects.requireNonNull(kept.get(projection));
    }

    /**
     * Tells which tables a transaction writes. It holds off switches, so the copies that are changed after it are those of
     * the same tables.
     */
    public void keep(String projection, long generation) {
        kept.asMap().merge(projection, generation, Math::max);
    }

    private long read(String projection) {
        List<Long> found = jdbc.queryForList(
                "SELECT generation FROM projection_generation WHERE name = ?", Long.class, projection);
        return found.isEmpty() ? 0 : found.getFirst();
    }

    void next(JdbcTemplate transaction, String projection) {
        transaction.update(
                "INSERT INTO projection_generation (name, generation) VALUES (?, 1)"
                        + " ON DUPLICATE KEY UPDATE generation = generation + 1",
                projection);
    }

    void forget(String projection) {
        kept.invalidate(projection);
    }
}
