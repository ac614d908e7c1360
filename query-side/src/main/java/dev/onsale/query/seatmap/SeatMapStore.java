package dev.onsale.query.seatmap;

import dev.onsale.api.PerformanceId;
import dev.onsale.platform.redis.AsyncRedis;
import dev.onsale.platform.redis.LuaScript;
import dev.onsale.query.loading.RedisCopies;
import dev.onsale.query.loading.RequestCoalescer;
import dev.onsale.query.readmodel.ReadModelName;
import dev.onsale.query.rebuild.Generations;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.stereotype.Component;

/** The seat maps in Redis: copies, which may be lost or away at any moment. */
@Component
class SeatMapStore implements DisposableBean {

    /** A map that nobody asks for gives its memory back; one that went wrong unnoticed does not stay wrong. */
    private static final Duration MAP_KEPT = Duration.ofMinutes(10);

    /** Longer than any reader needs from reading the rows to filling the map. */
    private static final Duration BARE_HEADER_KEPT = Duration.ofMinutes(2);

    private static final LuaScript<Long> CHANGE = LuaScript.ofNumber("/redis/query/change-seat-map.lua");
    private static final LuaScript<Long> FILL = LuaScript.ofNumber("/redis/query/fill-seat-map.lua");

    private final AsyncRedis<byte[]> redis;
    private final RedisCopies<byte[]> copies;
    private final Generations generations;
    private final RequestCoalescer<PerformanceId, Optional<byte[]>> headers = new RequestCoalescer<>(this::header);

    SeatMapStore(LettuceConnectionFactory connections, Clock clock, Generations generations) {
        this.generations = generations;
        this.redis = AsyncRedis.ofBytes("seat-maps", connections, RedisCopies.CALL_TIMEOUT);
        this.copies = new RedisCopies<>(redis, "seat maps come", clock);
    }

    /** The stored value; nothing if there is none or Redis is away. */
    Optional<byte[]> read(PerformanceId performanceId) {
        byte[] key = bytes(key(performanceId));
        return copies.call(calls -> calls.call(commands -> commands.get(key)));
    }

    /** The edition that is stored or, for a bare header, that the database has at least; nothing as for {@link #read}. */
    Optional<SeatMapVersion> edition(PerformanceId performanceId) {
        return copies.<Optional<byte[]>>call(calls -> headers.at(performanceId))
                .flatMap(header -> header)
                .flatMap(SeatMap::edition);
    }

    private CompletableFuture<Optional<byte[]>> header(PerformanceId performanceId) {
        byte[] key = bytes(key(performanceId));
        return redis.call(commands -> commands.getrange(key, 0, SeatMap.HEADER_BYTES - 1))
                .thenApply(Optional::ofNullable);
    }

    /** Offers a map read from the database; a newer one stays. */
    void fill(PerformanceId performanceId, SeatMap map) {
        byte[][] keys = {bytes(key(performanceId))};
        var unused = copies.call(
                calls -> calls.run(FILL, keys, text(map.edition().facts()), map.value(), text(MAP_KEPT.toSeconds())));
    }

    /**
     * Takes the map to the edition after the change, or makes sure that no older one is served.
     *
     * @return whether Redis did it
     */
    boolean change(SeatMapChange change) {
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(text(change.factsBefore()));
        arguments.add(text(change.after().facts()));
        arguments.add(SeatMap.header(change.after()));
        arguments.add(text(BARE_HEADER_KEPT.toSeconds()));
        change.seats().forEach((index, state) -> {
            arguments.add(text(SeatMap.bitOffset(index)));
            arguments.add(text(SeatMap.code(state)));
        });
        byte[][] keys = {bytes(key(change.performanceId()))};
        return copies.call(calls -> calls.run(CHANGE, keys, arguments.toArray(byte[][]::new)))
                .isPresent();
    }

    void forget(PerformanceId performanceId) {
        byte[] key = bytes(key(performanceId));
        var unused = copies.call(calls -> calls.call(commands -> commands.del(key)));
    }

    /** Whether Redis is being left alone, because it did not answer a moment ago. */
    boolean isAway() {
        return copies.isAway();
    }

    /**
     * The hash tag keeps everything of one sale on one node of a Redis cluster. A map of the tables before a switch must not
     * answer for those after it.
     */
    private String key(PerformanceId performanceId) {
        long generation = generations.of(ReadModelName.SEAT_MAP);
        return "onsale:{" + performanceId + "}:seat-map" + (generation == 0 ? "" : ":" + generation);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] text(long number) {
        return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void destroy() {
        redis.destroy();
    }
}
