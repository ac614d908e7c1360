package dev.onsale.query.statistics;

import dev.onsale.platform.redis.AsyncRedis;
import dev.onsale.platform.redis.LuaScript;
import dev.onsale.query.loading.RedisCopies;
import dev.onsale.query.readmodel.ReadModelName;
import dev.onsale.query.rebuild.Generations;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.SetArgs;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.stereotype.Component;

/**
 * One sorted set a minute in Redis. A mark says that they are complete; it lives for a minute, so that what was missed
 * unnoticed is made good.
 */
@Component
class RankingStore implements DisposableBean {

    private static final int SOLD_AT_ONCE = 1_000;
    private static final String SECONDS_KEPT = Long.toString(Duration.ofHours(2).toSeconds());
    private static final Duration MARK_KEPT = Duration.ofMinutes(1);

    private static final LuaScript<Long> ADD = LuaScript.ofNumber("/redis/query/rank-sold.lua");

    private final AsyncRedis<String> redis;
    private final RedisCopies<String> copies;
    private final Generations generations;
    private volatile boolean missed;

    RankingStore(LettuceConnectionFactory connections, Generations generations, Clock clock) {
        this.redis = AsyncRedis.ofTexts("ranking", connections, RedisCopies.CALL_TIMEOUT);
        this.copies = new RedisCopies<>(redis, "the ranking comes", clock);
        this.generations = generations;
    }

    /** Redis is not there. */
    static final class AwayException extends RuntimeException {
        AwayException() {
            super("Redis does not answer");
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
        return call(commands -> commands.exists(mark())) == 1;
    }

    void fill(List<Ranking.Sold> sold) {
        missed = false;
        try {
            write(sold);
            String unused = call(commands -> commands.set(mark(), "1", SetArgs.Builder.ex(MARK_KEPT)));
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
            var unused = copies.call(calls -> calls.runWithTexts(ADD, keys, arguments.toArray(String[]::new)))
                    .orElseThrow(AwayException::new);
        }
    }

    /** The sums over minutes, the greatest first. */
    List<Ranking.Place> union(List<String> minutes, int limit) {
        String[] keys = minutes.stream().map(this::key).toArray(String[]::new);
        return call(commands -> commands.zunionWithScores(keys)).stream()
                .map(sum -> new Ranking.Place(sum.getValue(), Math.round(sum.getScore())))
                .sorted(Comparator.comparingLong(Ranking.Place::seats)
                        .reversed()
                        .thenComparing(Ranking.Place::performanceId))
                .limit(limit)
                .toList();
    }

    private <T> T call(Function<RedisClusterAsyncCommands<String, String>, RedisFuture<T>> command) {
        return copies.call(calls -> calls.call(command)).orElseThrow(AwayException::new);
    }

    private String mark() {
        return key("filled");
    }

    /** One hash tag for all: they are added up. Those from before a rebuild are left to expire. */
    private String key(String name) {
        return "onsale:{ranking}:" + generations.of(ReadModelName.SALES_STATISTICS) + ":" + name;
    }

    @Override
    public void destroy() {
        redis.destroy();
    }
}
