package dev.onsale.query.statistics;

import dev.onsale.query.readmodel.ReadModelName;
import dev.onsale.query.rebuild.Generations;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * One sorted set a minute in Redis. A mark says that they are complete; it lives for a minute, so that what was missed
 * unnoticed is made good.
 */
@Component
class RankingStore {

    private static final Logger log = LoggerFactory.getLogger(RankingStore.class);

    private static final Duration CALL_TIMEOUT = Duration.ofMillis(500);
    private static final Duration LEFT_ALONE = Duration.ofSeconds(1);
    private static final int SOLD_AT_ONCE = 1_000;
    private static final String SECONDS_KEPT = Long.toString(Duration.ofHours(2).toSeconds());
    private static final Duration MARK_KEPT = Duration.ofMinutes(1);

    private static final RedisScript<Long> ADD =
            RedisScript.of(new ClassPathResource("redis/query/rank-sold.lua"), Long.class);

    private final ReactiveStringRedisTemplate redis;
    private final Generations generations;
    private final Clock clock;
    private volatile Instant leftAloneUntil = Instant.MIN;
    private volatile boolean missed;

    RankingStore(ReactiveRedisConnectionFactory connections, Generations generations, Clock clock) {
        this.redis = new ReactiveStringRedisTemplate(connections);
        this.generations = generations;
        this.clock = clock;
    }

    /** Redis is not there. */
    static final class AwayException extends RuntimeException {
        AwayException(@Nullable Throwable cause) {
            super("Redis does not answer", cause);
        }
    }

    /** Adds what was committed; if Redis does not take it, the next reader fills the sets from the rows. */
    void add(List<Ranking.Sold> sold) {
        try {
            write(sold);
        } catch (AwayException away) {
            missed = true;
        }
    }

    boolean isFilled() {
        if (missed) {
            return false;
        }
        return call(() -> redis.hasKey(mark()));
    }

    void fill(List<Ranking.Sold> sold) {
        missed = false;
        try {
            write(sold);
            call(() -> redis.opsForValue().set(mark(), "1", MARK_KEPT));
        } catch (AwayException away) {
            missed = true;
            throw away;
        }
    }

    private void write(List<Ranking.Sold> sold) {
        for (int from = 0; from < sold.size(); from += SOLD_AT_ONCE) {
            List<Ranking.Sold> some = sold.subList(from, Math.min(sold.size(), from + SOLD_AT_ONCE));
            List<String> keys = new ArrayList<>();
            List<String> arguments = new ArrayList<>(List.of(SECONDS_KEPT));
            some.forEach(one -> {
                keys.add(key(one.minute()));
                arguments.add(Long.toString(one.seats()));
                arguments.add(one.performanceId());
            });
            call(() -> redis.execute(ADD, keys, arguments).next());
        }
    }

    /** The sums over minutes, the greatest first. */
    List<Ranking.Place> union(List<String> minutes, int limit) {
        List<String> keys = minutes.stream().map(this::key).toList();
        return call(() -> redis.opsForZSet()
                .unionWithScores(keys.getFirst(), keys.subList(1, keys.size()))
                .map(tuple -> new Ranking.Place(
                        Objects.requireNonNull(tuple.getValue()), Math.round(Objects.requireNonNull(tuple.getScore()))))
                .collectList()
                .map(places -> places.stream()
                        .sorted(Comparator.comparingLong(Ranking.Place::seats)
                                .reversed()
                                .thenComparing(Ranking.Place::performanceId))
                        .limit(limit)
                        .toList()));
    }

    private <T> T call(Supplier<Mono<T>> command) {
        if (clock.instant().isBefore(leftAloneUntil)) {
            throw new AwayException(null);
        }
        try {
            T answer = command.get().timeout(CALL_TIMEOUT).block(CALL_TIMEOUT.multipliedBy(2));
            return Objects.requireNonNull(answer, "Redis answered with nothing");
        } catch (RuntimeException failure) {
            leftAloneUntil = clock.instant().plus(LEFT_ALONE);
            log.warn("Redis did not answer, the ranking comes from the database: {}", failure.toString());
            throw new AwayException(failure);
        }
    }

    private String mark() {
        return key("filled");
    }

    /** One hash tag for all: they are added up. Those from before a rebuild are left to expire. */
    private String key(String name) {
        return "onsale:{ranking}:" + generations.of(ReadModelName.SALES_STATISTICS) + ":" + name;
    }
}
