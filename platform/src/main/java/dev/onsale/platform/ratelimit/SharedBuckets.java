package dev.onsale.platform.ratelimit;

import dev.onsale.platform.supervision.TaskThreads;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.AsyncProxyManager;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce.LettuceBasedProxyManagerBuilder;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.cluster.api.async.RedisAdvancedClusterAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * The buckets that all nodes share, as Bucket4j keeps them in Redis. Nobody waits for them longer than the patience, and a Redis
 * that did not answer is left alone for a while. A bucket lapses once it would be full again.
 */
final class SharedBuckets {

    private static final Logger log = LoggerFactory.getLogger(SharedBuckets.class);
    private static final Duration WARN_EVERY = Duration.ofMinutes(1);
    /** One late answer is no news; a Redis that is away misses this many in as many seconds. */
    private static final int MISSED_BEFORE_WARNING = 3;
    /** Nodes rarely count the same client at the same time. After so many conflicts the node's own count decides. */
    private static final int TRIES_MAX = 20;

    private final RedisConnectionFactory connections;
    private final Clock clock;
    private final RateLimitProperties properties;
    private final RateLimitMetrics metrics;
    private final Map<String, BucketConfiguration> configurations = new ConcurrentHashMap<>();
    private final AtomicBoolean connecting = new AtomicBoolean();
    private final AtomicLong leaveAloneUntil = new AtomicLong(Long.MIN_VALUE);
    private final AtomicInteger missedInARow = new AtomicInteger();
    private final AtomicLong warnedAt = new AtomicLong(Long.MIN_VALUE);
    private volatile @Nullable AsyncProxyManager<byte[]> buckets;

    SharedBuckets(
            RedisConnectionFactory connections, Clock clock, RateLimitProperties properties, RateLimitMetrics metrics) {
        this.connections = connections;
        this.clock = clock;
        this.properties = properties;
        this.metrics = metrics;
    }

    /** Takes so many tokens or none; fails, soon and never by an exception, if Redis is away. */
    CompletableFuture<ConsumptionProbe> take(Policy policy, String client, int tokens) {
        AsyncProxyManager<byte[]> known = buckets;
        if (clock.millis() < leaveAloneUntil.get()) {
            return away(null);
        }
        if (known == null) {
            connect();
            return away(null);
        }
        try {
            byte[] key = policy.key(client).getBytes(StandardCharsets.UTF_8);
            return known.builder()
                    .build(key, () -> CompletableFuture.completedFuture(configuration(policy)))
                    .tryConsumeAndReturnRemaining(tokens)
                    .orTimeout(properties.redisPatience().toMillis(), TimeUnit.MILLISECONDS)
                    .whenComplete((probe, failure) -> {
                        if (failure != null) {
                            missed(failure);
                        } else {
                            missedInARow.set(0);
                            metrics.shared("counted");
                        }
                    });
        } catch (RuntimeException failure) {
            missed(failure);
            return CompletableFuture.failedFuture(failure);
        }
    }

    private CompletableFuture<ConsumptionProbe> away(@Nullable Throwable cause) {
        metrics.shared("left_alone");
        return CompletableFuture.failedFuture(new IllegalStateException("Redis is left alone for a moment", cause));
    }

    private void missed(Throwable failure) {
        metrics.shared("failed");
        long now = clock.millis();
        leaveAloneUntil.set(now + properties.askAgainAfter().toMillis());
        long warned = warnedAt.get();
        if (missedInARow.incrementAndGet() >= MISSED_BEFORE_WARNING
                && (warned == Long.MIN_VALUE || now - warned >= WARN_EVERY.toMillis())
                && warnedAt.compareAndSet(warned, now)) {
            log.warn("Redis does not count requests, each node limits by its own count: {}", failure.toString());
        }
    }

    /** Connecting blocks, so it happens beside the requests; those that come meanwhile are counted later. */
    private void connect() {
        if (connecting.compareAndSet(false, true)) {
            TaskThreads.start("rate-limit-connect", () -> {
                try (RedisConnection connection = connections.getConnection()) {
                    buckets = over(connection.getNativeConnection());
                } catch (RuntimeException failure) {
                    missed(failure);
                } finally {
                    connecting.set(false);
                }
            });
        }
    }

    // The shared connection is built by Spring Data with a byte codec; its own method hides that behind Object.
    @SuppressWarnings("unchecked")
    private AsyncProxyManager<byte[]> over(Object shared) {
        LettuceBasedProxyManagerBuilder<byte[]> builder =
                switch (shared) {
                    case RedisAsyncCommands<?, ?> single ->
                        Bucket4jLettuce.casBasedBuilder((RedisAsyncCommands<byte[], byte[]>) single);
                    case RedisAdvancedClusterAsyncCommands<?, ?> cluster ->
                        Bucket4jLettuce.casBasedBuilder((RedisAdvancedClusterAsyncCommands<byte[], byte[]>) cluster);
                    default -> throw new IllegalStateException("Rate limits need Redis through Lettuce");
                };
        return builder.clientClock(new Meter(clock))
                .maxRetries(TRIES_MAX)
                .expirationAfterWrite(
                        ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(Duration.ofSeconds(10)))
                .build()
                .asAsync();
    }

    private BucketConfiguration configuration(Policy policy) {
        return configurations.computeIfAbsent(policy.name(), name -> BucketConfiguration.builder()
                .addLimit(bandwidth -> bandwidth
                        .capacity(policy.limit().requests())
                        .refillGreedy(policy.limit().requests(), policy.limit().window()))
                .build());
    }

    /** All nodes count by the same wall clock. */
    private record Meter(Clock clock) implements TimeMeter {

        @Override
        public long currentTimeNanos() {
            return TimeUnit.MILLISECONDS.toNanos(clock.millis());
        }

        @Override
        public boolean isWallClockBased() {
            return true;
        }
    }
}
