package dev.onsale.query.loading;

import dev.onsale.platform.redis.AsyncRedis;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for calls of a Redis that keeps only copies of rows. Every call is bounded. After one that failed, Redis is left alone
 * for a second instead of waited for. Thread-safe.
 */
public final class RedisCopies<V> {

    /** How long a call of Redis may take. */
    public static final Duration CALL_TIMEOUT = Duration.ofMillis(500);

    private static final Logger log = LoggerFactory.getLogger(RedisCopies.class);
    private static final Duration LEFT_ALONE = Duration.ofSeconds(1);

    private final AsyncRedis<V> redis;
    private final String what;
    private final Clock clock;
    private volatile Instant leftAloneUntil = Instant.MIN;

    /**
     * @param what is kept in Redis, for the log
     */
    public RedisCopies(AsyncRedis<V> redis, String what, Clock clock) {
        this.redis = redis;
        this.what = what;
        this.clock = clock;
        redis.awaitConnection();
    }

    /** The answer; empty if Redis is away or has none. */
    public <T> Optional<T> call(Function<AsyncRedis<V>, ? extends CompletableFuture<? extends @Nullable T>> command) {
        if (isAway()) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(
                    command.apply(redis).get(CALL_TIMEOUT.multipliedBy(2).toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException | TimeoutException | RuntimeException failure) {
            leftAloneUntil = clock.instant().plus(LEFT_ALONE);
            log.warn("Redis did not answer, {} from the database: {}", what, reason(failure));
            return Optional.empty();
        }
    }

    private static String reason(Exception failure) {
        Throwable cause = failure.getCause();
        return failure instanceof ExecutionException && cause != null ? cause.toString() : failure.toString();
    }

    /** Whether Redis is being left alone, because it did not answer a moment ago. */
    public boolean isAway() {
        return clock.instant().isBefore(leftAloneUntil);
    }
}
