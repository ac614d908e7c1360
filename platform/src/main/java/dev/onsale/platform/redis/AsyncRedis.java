package dev.onsale.platform.redis;

import dev.onsale.platform.supervision.TaskThreads;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Commands and scripts on one connection. Every call has a time limit and fails as a future, never as an exception. No call
 * waits for a connection: while there is none, it fails at once, and a thread of its own connects. Once connected, Lettuce
 * reconnects by itself. Thread-safe; never blocks, except {@link #awaitConnection}.
 *
 * @param <V> the type of keys and values: {@code String} or {@code byte[]}
 */
public class AsyncRedis<V> implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(AsyncRedis.class);
    private static final Duration CONNECT_MAX = Duration.ofSeconds(2);
    private static final Duration CONNECT_AGAIN_AFTER = Duration.ofMillis(250);

    private final String name;
    private final LettuceConnectionFactory connections;
    private final RedisCodec<V, V> codec;
    private final Function<String[], V[]> encoder;
    private final Duration timeout;
    private final AtomicReference<@Nullable CompletableFuture<Boolean>> connecting = new AtomicReference<>();
    private final AtomicBoolean warned = new AtomicBoolean();
    private volatile @Nullable Open<V> connection;
    private volatile long connectNotBefore = System.nanoTime();
    private volatile boolean closed;

    private record Open<V>(StatefulConnection<V, V> connection, RedisClusterAsyncCommands<V, V> commands) {}

    protected AsyncRedis(
            String name,
            LettuceConnectionFactory connections,
            RedisCodec<V, V> codec,
            Function<String[], V[]> encoder,
            Duration timeout) {
        this.name = name;
        this.connections = connections;
        this.codec = codec;
        this.encoder = encoder;
        this.timeout = timeout;
    }

    /**
     * @param name of the user of Redis, for the log and the thread that connects
     */
    public static AsyncRedis<String> ofTexts(String name, LettuceConnectionFactory connections, Duration timeout) {
        return new AsyncRedis<>(name, connections, StringCodec.UTF8, texts -> texts, timeout);
    }

    /** As {@link #ofTexts}, for binary values. */
    public static AsyncRedis<byte[]> ofBytes(String name, LettuceConnectionFactory connections, Duration timeout) {
        return new AsyncRedis<>(name, connections, ByteArrayCodec.INSTANCE, AsyncRedis::bytes, timeout);
    }

    private static byte[][] bytes(String[] texts) {
        return Stream.of(texts)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
    }

    /** Sends one command or several. A call that ran into the time limit is cancelled, so that it is not sent later. */
    public final <T extends @Nullable Object> CompletableFuture<T> call(
            Function<RedisClusterAsyncCommands<V, V>, ? extends CompletionStage<T>> command) {
        Open<V> open = connection;
        if (open == null) {
            CompletableFuture<Boolean> unused = connect();
            return CompletableFuture.failedFuture(new RedisConnectionException("No connection to Redis: " + name));
        }
        try {
            CompletableFuture<T> sent = command.apply(open.commands()).toCompletableFuture();
            CompletableFuture<T> answer = new CompletableFuture<>();
            var unusedCompletion = sent.whenComplete((value, failure) -> {
                if (failure == null) {
                    answer.complete(value);
                } else {
                    answer.completeExceptionally(asRedisFailure(failure));
                }
            });
            var unusedCancellation = answer.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .whenComplete((value, failure) -> {
                        if (failure != null) {
                            sent.cancel(false);
                        }
                    });
            return answer;
        } catch (RuntimeException failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    /** Lettuce hands the error of a connection that breaks to the commands on it. Callers know failures of Redis by their type. */
    private Throwable asRedisFailure(Throwable failure) {
        return failure instanceof IOException
                ? new RedisConnectionException("The connection to Redis broke: " + name, failure)
                : failure;
    }

    /** Runs a script; the time limit holds for each time it is sent. */
    public final <T> CompletableFuture<T> runWithTexts(LuaScript<T> script, List<String> keys, String... arguments) {
        return run(script, encoder.apply(keys.toArray(String[]::new)), encoder.apply(arguments));
    }

    // Lettuce only reads the array that it is given.
    @SafeVarargs
    @SuppressWarnings("varargs")
    public final <T> CompletableFuture<T> run(LuaScript<T> script, V[] keys, V... arguments) {
        return this.<Object>call(commands -> commands.evalsha(script.sha1(), script.output(), keys, arguments))
                .exceptionallyCompose(failure -> failure instanceof RedisNoScriptException
                        ? call(commands -> commands.eval(script.source(), script.output(), keys, arguments))
                        : CompletableFuture.failedFuture(failure))
                .thenApply(script::decode);
    }

    /** Waits until the first connection is open or could not be opened, at most two seconds. */
    public final void awaitConnection() {
        try {
            connect().get(CONNECT_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException late) {
            log.debug("{} starts without Redis", name, late);
        }
    }

    /** Connects unless that is under way or failed a moment ago. The future says whether there is a connection then. */
    private CompletableFuture<Boolean> connect() {
        CompletableFuture<Boolean> underWay = connecting.get();
        if (underWay != null) {
            return underWay.copy();
        }
        CompletableFuture<Boolean> mine = new CompletableFuture<>();
        if (closed || System.nanoTime() - connectNotBefore < 0 || !connecting.compareAndSet(null, mine)) {
            return CompletableFuture.completedFuture(false);
        }
        TaskThreads.start(name + "-redis-connect", () -> {
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
            Open<V> open = open(connections.getRequiredNativeClient());
            connection = open;
            if (closed) {
                open.connection().close();
            }
            if (warned.compareAndSet(true, false)) {
                log.info("Redis is connected: {}", name);
            }
            return true;
        } catch (RuntimeException failure) {
            connectNotBefore = System.nanoTime() + CONNECT_AGAIN_AFTER.toNanos();
            if (warned.compareAndSet(false, true)) {
                log.warn("Redis cannot be reached; calls of {} fail until it can: {}", name, failure.toString());
            }
            return false;
        }
    }

    private Open<V> open(AbstractRedisClient client) {
        if (client instanceof RedisClusterClient cluster) {
            StatefulRedisClusterConnection<V, V> open = cluster.connect(codec);
            return new Open<>(open, open.async());
        }
        StatefulRedisConnection<V, V> open = ((RedisClient) client).connect(codec);
        return new Open<>(open, open.async());
    }

    @Override
    public void destroy() {
        closed = true;
        Open<V> open = connection;
        // The client closes its connections when it stops, which may be earlier.
        if (open != null && open.connection().isOpen()) {
            open.connection().close();
        }
    }
}
