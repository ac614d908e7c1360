package dev.onsale.waitingroom.redis;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import io.lettuce.core.RedisBusyException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisLoadingException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisReadOnlyException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Scripts on the one shared Lettuce connection, from socket to socket without a blocked thread. Redis away, slow or
 * saturated is the refusal {@code TEMPORARILY_UNAVAILABLE}; nobody waits longer than the time-out.
 */
public final class RedisScripts {

    private static final Logger log = LoggerFactory.getLogger(RedisScripts.class);

    /** A tenth of a second of work for one Redis; more than that in flight only makes everybody late. */
    static final int IN_FLIGHT_MAX = 10_000;

    private static final String UNAVAILABLE = "The waiting room cannot be reached; places are kept, try again";
    private static final Duration CONNECT_AGAIN_AFTER = Duration.ofMillis(500);
    private static final Pattern AWAY =
            Pattern.compile("^(OOM|CLUSTERDOWN|MASTERDOWN|MISCONF|TRYAGAIN|NOREPLICAS)\\b.*");

    private final Mono<RedisClusterAsyncCommands<byte[], byte[]>> connection;
    private final Duration timeout;
    private final AtomicInteger inFlight = new AtomicInteger();

    public RedisScripts(RedisConnectionFactory connections, Duration timeout) {
        // Connecting blocks, so it happens on a thread that may block, once for all who wait; afterwards Lettuce
        // reconnects by itself.
        this.connection = Mono.fromCallable(() -> shared(connections))
                .subscribeOn(Schedulers.boundedElastic())
                .cache(
                        commands -> Duration.ofMillis(Long.MAX_VALUE),
                        failure -> CONNECT_AGAIN_AFTER,
                        () -> Duration.ZERO);
        this.timeout = timeout;
    }

    /** Commands that are sent, or about to be, and not answered. */
    public int inFlight() {
        return inFlight.get();
    }

    public Mono<Reply> run(Script script, List<String> keys, String... arguments) {
        byte[][] keyBytes = bytes(keys.toArray(String[]::new));
        byte[][] argumentBytes = bytes(arguments);
        return call(commands ->
                        commands.<List<Object>>evalsha(script.sha1(), ScriptOutputType.MULTI, keyBytes, argumentBytes))
                .onErrorResume(
                        RedisNoScriptException.class,
                        missing -> call(commands -> commands.<List<Object>>eval(
                                script.source(), ScriptOutputType.MULTI, keyBytes, argumentBytes)))
                .map(Reply::new);
    }

    /** A single command that needs no script to be atomic. */
    public <T> Mono<T> call(Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
        return limited(commands -> command.apply(commands).toCompletableFuture());
    }

    private <T> Mono<T> limited(Function<RedisClusterAsyncCommands<byte[], byte[]>, CompletableFuture<T>> command) {
        return Mono.defer(() -> {
            if (inFlight.incrementAndGet() > IN_FLIGHT_MAX) {
                inFlight.decrementAndGet();
                return Mono.error(new RefusedException(RefusalCode.TEMPORARILY_UNAVAILABLE, UNAVAILABLE));
            }
            return connection
                    // A cancelled future is not sent any more, should Redis come back after the time-out.
                    .flatMap(commands -> Mono.fromFuture(() -> command.apply(commands)))
                    .timeout(timeout, Mono.error(this::noAnswer))
                    .onErrorMap(RedisScripts::isAway, away -> {
                        // In a stampede this happens thousands of times a second; the answer says all a caller needs.
                        log.debug("Redis is away", away);
                        return RefusedException.causedBy(away, RefusalCode.TEMPORARILY_UNAVAILABLE, UNAVAILABLE);
                    })
                    .doFinally(signal -> inFlight.decrementAndGet());
        });
    }

    /** Two answers that were asked for one right after the other. */
    public record Pair<A, B>(A first, B second) {}

    /** Two commands on their way together; empty if Redis has nothing for either of them. */
    public <A, B> Mono<Pair<A, B>> pair(
            Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<A>> one,
            Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<B>> other) {
        return limited(commands -> one.apply(commands)
                        .toCompletableFuture()
                        .thenCombine(
                                other.apply(commands).toCompletableFuture(),
                                (first, second) -> first == null || second == null
                                        ? Optional.<Pair<A, B>>empty()
                                        : Optional.of(new Pair<>(first, second))))
                .mapNotNull(pair -> pair.orElse(null));
    }

    // The connection is built by Spring Data with a byte codec; its own method hides that behind Object.
    @SuppressWarnings("unchecked")
    private static RedisClusterAsyncCommands<byte[], byte[]> shared(RedisConnectionFactory connections) {
        try (RedisConnection connection = connections.getConnection()) {
            return (RedisClusterAsyncCommands<byte[], byte[]>) connection.getNativeConnection();
        }
    }

    private static boolean isAway(Throwable failure) {
        if (failure instanceof RedisCommandExecutionException answered) {
            return answered instanceof RedisBusyException
                    || answered instanceof RedisLoadingException
                    || answered instanceof RedisReadOnlyException
                    || AWAY.matcher(String.valueOf(answered.getMessage())).matches();
        }
        return failure instanceof RedisException || failure instanceof DataAccessException;
    }

    /** By its type the log knows what was away. */
    private RedisCommandTimeoutException noAnswer() {
        return new RedisCommandTimeoutException("Redis did not answer within " + timeout.toMillis() + " ms");
    }

    private static byte[][] bytes(String... texts) {
        byte[][] bytes = new byte[texts.length][];
        for (int i = 0; i < texts.length; i++) {
            bytes[i] = texts[i].getBytes(StandardCharsets.UTF_8);
        }
        return bytes;
    }
}
