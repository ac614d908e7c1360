package dev.onsale.command.guard.state;

import dev.onsale.platform.supervision.TaskThreads;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * The guard's one shared connection. Every call has a time-out and fails as a stage, never as an exception. No call waits for a
 * connection: while there is none, it fails at once, and a thread of its own connects. Once connected, Lettuce reconnects by
 * itself.
 */
public final class GuardRedis implements InitializingBean, DisposableBean {

    /** Long enough for the first instant of a stampede; a Redis that is gone is noticed at once, without it. */
    public static final Duration TIMEOUT = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(GuardRedis.class);
    private static final Duration CONNECT_AGAIN_AFTER = Duration.ofMillis(250);

    private final LettuceConnectionFactory connections;
    private final AtomicReference<@Nullable CompletableFuture<Boolean>> connecting = new AtomicReference<>();
    private volatile @Nullable StatefulRedisConnection<String, String> connection;
    private volatile long connectNotBefore = System.nanoTime();
    private final AtomicBoolean warned = new AtomicBoolean();
    private volatile boolean closed;

    public GuardRedis(LettuceConnectionFactory connections) {
        this.connections = connections;
    }

    public <T> CompletionStage<T> call(Function<RedisAsyncCommands<String, String>, CompletionStage<T>> call) {
        StatefulRedisConnection<String, String> open = connection;
        if (open == null) {
            CompletableFuture<Boolean> unused = connect();
            return CompletableFuture.failedStage(new RedisConnectionException("The guards' Redis is not connected"));
        }
        try {
            CompletableFuture<T> answer = new CompletableFuture<>();
            call.apply(open.async()).whenComplete((value, failure) -> {
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

    /** The process starts connected, if Redis is there; it starts without it, if not. */
    @Override
    public void afterPropertiesSet() {
        try {
            connect().get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException late) {
            log.debug("The process starts without the guards' Redis", late);
        }
    }

    /** Starts to connect unless that is under way, or has failed a moment ago; tells whether there is a connection then. */
    private CompletableFuture<Boolean> connect() {
        CompletableFuture<Boolean> underWay = connecting.get();
        if (underWay != null) {
            return underWay.copy();
        }
        CompletableFuture<Boolean> mine = new CompletableFuture<>();
        if (closed || System.nanoTime() - connectNotBefore < 0 || !connecting.compareAndSet(null, mine)) {
            return CompletableFuture.completedFuture(false);
        }
        TaskThreads.start("guard-redis-connect", () -> {
            boolean connected = false;
            try {
                connected = connection != null || opened();
            } finally {
                connecting.set(null);
                mine.complete(connected);
            }
        });
        return mine.copy();
    }

    /** Blocks as long as Lettuce does. */
    private boolean opened() {
        try {
            if (!(connections.getRequiredNativeClient() instanceof RedisClient client)) {
                throw new IllegalStateException("The guard speaks to a single Redis or a Sentinel set");
            }
            StatefulRedisConnection<String, String> open = client.connect();
            connection = open;
            if (closed) {
                open.close();
            }
            if (warned.compareAndSet(true, false)) {
                log.info("The guards' Redis is connected");
            }
            return true;
        } catch (RuntimeException failure) {
            connectNotBefore = System.nanoTime() + CONNECT_AGAIN_AFTER.toNanos();
            if (warned.compareAndSet(false, true)) {
                log.warn(
                        "The guards' Redis cannot be reached; the guards are away until it is: {}", failure.toString());
            }
            return false;
        }
    }

    @Override
    public void destroy() {
        closed = true;
        StatefulRedisConnection<String, String> open = connection;
        // The client closes its connections when it stops, which may be before.
        if (open != null && open.isOpen()) {
            open.close();
        }
    }
}
