package dev.onsale.query.statistics;

import com.github.benmanes.caffeine.cache.Caffeine;
import dev.onsale.query.loading.SingleFlight;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.stereotype.Component;

/**
 * Which performances sold most within the last minutes. Redis keeps a sorted set for each minute; whenever it does not answer,
 * the rows do.
 */
@Component
class Ranking {

    static final int MINUTES_MAX = 60;
    static final int PLACES_MAX = 100;

    private static final Logger log = LoggerFactory.getLogger(Ranking.class);

    /** The ranking is for looking at: everybody sees the same for a moment. */
    private static final Duration KEPT = Duration.ofMillis(500);

    private final SingleFlight<Integer, List<Place>> kept = new SingleFlight<>(Caffeine.newBuilder()
            .expireAfterWrite(KEPT)
            .maximumSize(MINUTES_MAX)
            .buildAsync());
    private final RankingStore store;
    private final JdbcOperations jdbc;
    private final Clock clock;

    Ranking(RankingStore store, JdbcOperations jdbc, Clock clock) {
        this.store = store;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * @param seats booked within the time
     */
    record Place(String performanceId, long seats) {}

    /** What a performance has sold within a minute, as of now. */
    record Sold(String performanceId, String minute, long seats) {}

    /** Tells Redis what was committed. What it does not take, it is told by the next reader. */
    void sold(List<SalesMinute> minutes) {
        String oldest = oldest(MINUTES_MAX);
        List<Sold> recent = minutes.stream()
                .map(minute ->
                        new Sold(minute.key().performanceId(), minute.key().minute(), minute.seatsBooked()))
                .filter(sold -> sold.minute().compareTo(oldest) >= 0)
                .toList();
        if (!recent.isEmpty()) {
            store.add(recent);
        }
    }

    /**
     * The most first.
     *
     * @param minutes 1 to {@value #MINUTES_MAX}, the current one included
     */
    List<Place> fastest(int minutes) {
        return Objects.requireNonNull(kept.get(minutes, this::read));
    }

    private @Nullable List<Place> read(int minutes) {
        try {
            if (!store.isFilled()) {
                store.fill(jdbc.query(
                        "SELECT performance_id, minute, seats_booked FROM sales_minute WHERE minute >= ?"
                                + " AND seats_booked > 0",
                        (row, number) -> new Sold(row.getString(1), row.getString(2), row.getLong(3)),
                        oldest(MINUTES_MAX)));
            }
            Instant now = clock.instant();
            return store.union(
                    IntStream.range(0, minutes)
                            .mapToObj(ago -> MinuteKey.minute(now.minus(Duration.ofMinutes(ago))))
                            .toList(),
                    PLACES_MAX);
        } catch (RankingStore.AwayException away) {
            log.debug("The ranking comes from the database", away);
            return jdbc.query(
                    "SELECT performance_id, SUM(seats_booked) AS seats FROM sales_minute WHERE minute >= ?"
                            + " AND seats_booked > 0 GROUP BY performance_id ORDER BY seats DESC, performance_id LIMIT ?",
                    (row, number) -> new Place(row.getString(1), row.getLong(2)),
                    oldest(minutes),
                    PLACES_MAX);
        }
    }

    private String oldest(int minutes) {
        return MinuteKey.minute(clock.instant().minus(Duration.ofMinutes(minutes - 1L)));
    }
}
