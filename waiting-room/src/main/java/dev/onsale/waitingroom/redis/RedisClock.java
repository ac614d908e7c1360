package dev.onsale.waitingroom.redis;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The clock of Redis, which all nodes share. It is read regularly and continued with a monotonic clock; before the
 * first read it is the clock of the node. Milliseconds. Thread-safe; never blocks.
 */
public final class RedisClock extends Clock {

    /** A slower answer is too inexact. */
    private static final Duration ROUND_TRIP_MAX = Duration.ofMillis(200);

    /** After this time even a slow answer is more exact. */
    private static final Duration KEPT = Duration.ofMinutes(1);

    private final RedisScripts redis;
    private final Clock own;
    private volatile @Nullable Reading last;

    public RedisClock(RedisScripts redis, Clock own) {
        this.redis = redis;
        this.own = own;
    }

    private record Reading(long millis, long atNanos) {

        long millisAt(long nanos) {
            return millis + TimeUnit.NANOSECONDS.toMillis(nanos - atNanos);
        }
    }

    /** Reads the time of Redis. */
    public Mono<Void> read() {
        return Mono.defer(() -> {
                    long asked = System.nanoTime();
                    return redis.call(commands -> commands.time()).doOnNext(time -> take(time, asked));
                })
                .then();
    }

    private void take(List<byte[]> time, long asked) {
        long answered = System.nanoTime();
        Reading known = last;
        boolean slow = answered - asked > ROUND_TRIP_MAX.toNanos();
        if (slow && known != null && answered - known.atNanos() < KEPT.toNanos()) {
            return;
        }
        long millis =
                TimeUnit.SECONDS.toMillis(number(time.get(0))) + TimeUnit.MICROSECONDS.toMillis(number(time.get(1)));
        last = new Reading(millis, asked + (answered - asked) / 2);
    }

    private static long number(byte[] digits) {
        return Long.parseLong(new String(digits, StandardCharsets.US_ASCII));
    }

    /** How far Redis is ahead of the node; empty without a read within a minute. */
    public Optional<Duration> ahead() {
        Reading read = last;
        long now = System.nanoTime();
        return read == null || now - read.atNanos() > KEPT.toNanos()
                ? Optional.empty()
                : Optional.of(Duration.ofMillis(read.millisAt(now) - own.millis()));
    }

    @Override
    public long millis() {
        Reading read = last;
        return read == null ? own.millis() : read.millisAt(System.nanoTime());
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("The waiting room has no time zones");
    }
}
