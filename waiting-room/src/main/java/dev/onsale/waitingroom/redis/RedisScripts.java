package dev.onsale.waitingroom.redis;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.platform.redis.AsyncRedis;
import dev.onsale.platform.redis.LuaScript;
import dev.onsale.platform.redis.ScriptReply;
import io.lettuce.core.RedisBusyException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisLoadingException;
import io.lettuce.core.RedisReadOnlyException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.NonNull;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import reactor.core.publisher.Mono;

/**
 * The waiting room's commands and scripts. A Redis that is away, slow or saturated is the refusal
 * {@code TEMPORARILY_UNAVAILABLE}; no call takes longer than the time-out.
 */
public final class RedisScripts implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(RedisScripts.class);

    /** A tenth of a second of work for one Redis; more than that in flight only makes everybody late. */
    static final int IN_FLIGHT_MAX = 10_000;

    private static final String UNAVAILABLE = "The waiting room cannot be reached; places are kept, try again";
    private static final Pattern AWAY =
            Pattern.compile("^(OOM|CLUSTERDOWN|MASTERDOWN|MISCONF|TRYAGAIN|NOREPLICAS)\\b.*");

    private final AsyncRedis<byte[]> redis;
    private final Duration timeout;
    private final AtomicInteger inFlight = new AtomicInteger();

    /** Waits for the connection, at most two seconds. */
    public RedisScripts(LettuceConnectionFactory connections, Duration timeout) {
        this.redis = AsyncRedis.ofBytes("waiting-room", connections, timeout);
        this.timeout = timeout;
        redis.awaitConnection();
    }

    /** Commands that are sent, or about to be, and not answered. */
    public int inFlight() {
        return inFlight.get();
    }

    public Mono<ScriptReply> run(LuaScript<ScriptReply> script, List<String> keys, String... arguments) {
        return limited(() -> redis.runWithTexts(script, keys, arguments));
    }

    /** A single command that needs no script to be atomic. */
    public <T> Mono<T> call(Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
        return limited(() -> redis.call(command));
    }

    private <T extends @Nullable Object> Mono<@NonNull T> limited(Supplier<CompletableFuture<T>> call) {
        return Mono.defer(() -> {
            if (inFlight.incrementAndGet() > IN_FLIGHT_MAX) {
                inFlight.decrementAndGet();
                return Mono.error(new RefusedException(RefusalCode.TEMPORARILY_UNAVAILABLE, UNAVAILABLE));
            }
            return Mono.fromFuture(call)
                    .onErrorMap(TimeoutException.class, late -> noAnswer())
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
        return limited(() -> redis.call(commands -> one.apply(commands)
                        .thenCombine(
                                other.apply(commands),
                                (first, second) -> first == null || second == null
                                        ? Optional.<Pair<A, B>>empty()
                                        : Optional.of(new Pair<>(first, second)))))
                .mapNotNull(pair -> pair.orElse(null));
    }

    private static boolean isAway(Throwable failure) {
        if (failure instanceof RedisCommandExecutionException answered) {
            return answered instanceof RedisBusyException
                    || answered instanceof RedisLoadingException
                    || answered instanceof RedisReadOnlyException
                    || AWAY.matcher(String.valueOf(answered.getMessage())).matches();
        }
        return failure instanceof RedisException;
    }

    /** By its type the log knows what was away. */
    private RedisCommandTimeoutException noAnswer() {
        return new RedisCommandTimeoutException("Redis did not answer within " + timeout.toMillis() + " ms");
    }

    @Override
    public void destroy() {
        redis.destroy();
    }
}
