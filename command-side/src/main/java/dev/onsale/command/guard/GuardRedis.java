package dev.onsale.command.guard;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** The guard's one shared connection. Every call has a time-out and fails as a stage, never as an exception. */
final class GuardRedis implements DisposableBean {

    /** Long enough for the first instant of a stampede; a Redis that is gone is noticed at once, without it. */
    static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final LettuceConnectionFactory connections;
    private volatile @Nullable StatefulRedisConnection<String, String> connection;

    GuardRedis(LettuceConnectionFactory connections) {
        this.connections = connections;
    }

    <T> CompletionStage<T> call(Function<RedisAsyncCommands<String, String>, CompletionStage<T>> call) {
        try {
            CompletableFuture<T> answer = new CompletableFuture<>();
            call.apply(connection().async()).whenComplete((value, failure) -> {
                if (failure == null) {
                    answer.complete(value);
                } else {
                    answer.completeExceptionally(failure);
                }
            });
            return answer.orTimeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RuntimeException failure) {
            return CompletableFuture.failedStage(failure);
        }
    }

    private StatefulRedisConnection<String, String> connection() {
        StatefulRedisConnection<String, String> open = connection;
        return open != null ? open : connect();
    }

    private synchronized StatefulRedisConnection<String, String> connect() {
        StatefulRedisConnection<String, String> open = connection;
        if (open == null) {
            if (!(connections.getRequiredNativeClient() instanceof RedisClient client)) {
                throw new IllegalStateException("The guard speaks to a single Redis or a Sentinel set");
            }
            open = client.connect();
            connection = open;
        }
        return open;
    }

    @Override
    public void destroy() {
        StatefulRedisConnection<String, String> open = connection;
        // The connection factory stops before beans are destroyed, and closes what its client opened.
        if (open != null && open.isOpen()) {
            open.close();
        }
    }
}
