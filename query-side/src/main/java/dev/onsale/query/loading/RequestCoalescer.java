package dev.onsale.query.loading;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Looks at something once for all who ask at the same time. Nobody gets the answer of a look that began before he asked, so
 * that sharing makes no answer older than asking alone would.
 */
public final class RequestCoalescer<K, V> {

    private static final Duration WAIT_MAX = Duration.ofSeconds(10);

    private final ConcurrentHashMap<K, Looks<V>> looks = new ConcurrentHashMap<>();
    private final Function<K, CompletableFuture<V>> look;

    /** @param look what is done once for many; every look of it ends */
    public RequestCoalescer(Function<K, CompletableFuture<V>> look) {
        this.look = look;
    }

    /** One look under way, and those who came meanwhile, who wait for the next. */
    private record Looks<V>(
            CompletableFuture<V> underWay, @Nullable CompletableFuture<V> next) {

        Looks<V> joinedBy(CompletableFuture<V> newcomer) {
            return next == null ? new Looks<>(underWay, newcomer) : this;
        }

        @Nullable
        Looks<V> ended() {
            return next == null ? null : new Looks<>(next, null);
        }
    }

    public CompletableFuture<V> at(K key) {
        CompletableFuture<V> mine = new CompletableFuture<>();
        Looks<V> now = Objects.requireNonNull(
                looks.compute(key, (k, before) -> before == null ? new Looks<>(mine, null) : before.joinedBy(mine)));
        CompletableFuture<V> next = now.next();
        if (next == null) {
            begin(key, mine);
            return mine;
        }
        return next;
    }

    /**
     * As {@link #at}, for a thread that may wait.
     *
     * @throws RefusedException with {@code TEMPORARILY_UNAVAILABLE} if it takes too long
     */
    public V await(K key) {
        return await(at(key));
    }

    static <V extends @Nullable Object> V await(CompletableFuture<V> answer) {
        try {
            return answer.get(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(failed);
        } catch (TimeoutException late) {
            throw new RefusedException(RefusalCode.TEMPORARILY_UNAVAILABLE, "Too many wait for the same answer");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RefusedException(RefusalCode.TEMPORARILY_UNAVAILABLE, "Too many wait for the same answer");
        }
    }

    private void begin(K key, CompletableFuture<V> waiting) {
        CompletableFuture<V> unused = begun(key).whenComplete((seen, failure) -> {
            Looks<V> next = looks.computeIfPresent(key, (k, before) -> before.ended());
            if (failure == null) {
                waiting.complete(seen);
            } else {
                waiting.completeExceptionally(failure);
            }
            if (next != null) {
                begin(key, next.underWay());
            }
        });
    }

    private CompletableFuture<V> begun(K key) {
        try {
            return look.apply(key);
        } catch (RuntimeException failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }
}
