package dev.onsale.query.seatmap;

import dev.onsale.api.PerformanceId;
import dev.onsale.query.loading.RequestCoalescer;
import dev.onsale.query.readmodel.ReadModelName;
import dev.onsale.query.rebuild.Generations;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.core.ReactiveRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.data.redis.serializer.RedisSerializationContext;
import org.springframework.data.redis.serializer.RedisSerializer;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * The seat maps in Redis: copies, which may be lost or away at any moment. Every call is bounded, and after one that failed
 * the next ones leave Redis alone for a moment instead of waiting for it.
 */
@Component
class SeatMapStore {

    private static final Logger log = LoggerFactory.getLogger(SeatMapStore.class);

    private static final Duration CALL_TIMEOUT = Duration.ofMillis(500);
    private static final Duration LEFT_ALONE = Duration.ofSeconds(1);

    /** A map that nobody asks for gives its memory back; one that went wrong unnoticed does not stay wrong. */
    private static final Duration MAP_KEPT = Duration.ofMinutes(10);

    /** Longer than any reader needs from reading the rows to filling the map. */
    private static final Duration BARE_HEADER_KEPT = Duration.ofMinutes(2);

    private static final RedisScript<Long> CHANGE =
            RedisScript.of(new ClassPathResource("redis/query/change-seat-map.lua"), Long.class);
    private static final RedisScript<Long> FILL =
            RedisScript.of(new ClassPathResource("redis/query/fill-seat-map.lua"), Long.class);

    private final ReactiveRedisTemplate<String, byte[]> redis;
    private final Clock clock;
    private final Generations generations;
    private final RequestCoalescer<PerformanceId, Optional<byte[]>> headers = new RequestCoalescer<>(this::header);
    private volatile Instant leftAloneUntil = Instant.MIN;

    SeatMapStore(ReactiveRedisConnectionFactory connections, Clock clock, Generations generations) {
        this.generations = generations;
        this.redis = new ReactiveRedisTemplate<>(
                connections,
                RedisSerializationContext.<String, byte[]>newSerializationContext(RedisSerializer.string())
                        .value(RedisSerializer.byteArray())
                        .hashValue(RedisSerializer.byteArray())
                        .build());
        this.clock = clock;
    }

    /** The stored value; nothing if there is none or Redis is away. */
    Optional<byte[]> read(PerformanceId performanceId) {
        return call(
                () -> redis.opsForValue()
                        .get(key(performanceId))
                        .map(Optional::of)
                        .defaultIfEmpty(Optional.empty()),
                Optional.empty());
    }

    /** The edition that is stored or, for a bare header, that the database has at least; nothing as for {@link #read}. */
    Optional<SeatMapVersion> edition(PerformanceId performanceId) {
        return call(() -> Mono.fromFuture(headers.at(performanceId), true), Optional.<byte[]>empty())
                .flatMap(SeatMap::edition);
    }

    private CompletableFuture<Optional<byte[]>> header(PerformanceId performanceId) {
        ByteBuffer key = ByteBuffer.wrap(key(performanceId).getBytes(StandardCharsets.UTF_8));
        return redis.execute(connection -> connection.stringCommands().getRange(key, 0, SeatMap.HEADER_BYTES - 1))
                .next()
                .map(SeatMapStore::bytes)
                .defaultIfEmpty(Optional.empty())
                .timeout(CALL_TIMEOUT)
                .toFuture();
    }

    /** Offers a map read from the database; a newer one stays. */
    void fill(PerformanceId performanceId, SeatMap map) {
        List<byte[]> arguments = List.of(text(map.edition().facts()), map.value(), text(MAP_KEPT.toSeconds()));
        call(() -> redis.execute(FILL, List.of(key(performanceId)), arguments).next(), -1L);
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
        return call(
                        () -> redis.execute(CHANGE, List.of(key(change.performanceId())), arguments)
                                .next(),
                        -1L)
                >= 0;
    }

    void forget(PerformanceId performanceId) {
        call(() -> redis.delete(key(performanceId)), -1L);
    }

    /** Whether Redis is being left alone, because it did not answer a moment ago. */
    boolean isAway() {
        return clock.instant().isBefore(leftAloneUntil);
    }

    private <T> T call(Supplier<Mono<T>> command, T whenAway) {
        if (isAway()) {
            return whenAway;
        }
        try {
            @Nullable T answer = command.get().timeout(CALL_TIMEOUT).block(CALL_TIMEOUT.multipliedBy(2));
            return answer == null ? whenAway : answer;
        } catch (RuntimeException failure) {
            leftAloneUntil = clock.instant().plus(LEFT_ALONE);
            log.warn("Redis did not answer, seat maps come from the database: {}", failure.toString());
            return whenAway;
        }
    }

    /**
     * The hash tag keeps everything of one sale on one node of a Redis cluster. A map of the tables before a switch must not
     * answer for those after it.
     */
    private String key(PerformanceId performanceId) {
        long generation = generations.of(ReadModelName.SEAT_MAP);
        return "onsale:{" + performanceId + "}:seat-map" + (generation == 0 ? "" : ":" + generation);
    }

    private static Optional<byte[]> bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return Optional.of(bytes);
    }

    private static byte[] text(long number) {
        return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    }
}
