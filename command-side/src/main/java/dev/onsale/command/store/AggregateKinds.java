package dev.onsale.command.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.onsale.eventlog.StoredEvents;
import dev.onsale.platform.supervision.TaskThreads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Which kind of aggregate an identifier names. Asked before an aggregate is loaded: an identifier of another kind, which may be a
 * campaign of a million coupons, costs one row without its payload.
 */
@Component
public class AggregateKinds {

    /** The kind of an identifier never changes. Unknown identifiers are not cached. */
    private static final int KINDS_MAX = 100_000;

    private final StoredEvents events;
    private final Cache<String, String> kinds =
            Caffeine.newBuilder().maximumSize(KINDS_MAX).build();
    private final Executor readers = TaskThreads.perTask("aggregate-kind-");

    AggregateKinds(StoredEvents events) {
        this.events = events;
    }

    /** Blocks while it reads. */
    public boolean isOf(String aggregateId, String aggregateType) {
        String known = kinds.getIfPresent(aggregateId);
        return aggregateType.equals(known != null ? known : read(aggregateId));
    }

    private @Nullable String read(String aggregateId) {
        String kind = events.aggregateType(aggregateId).orElse(null);
        if (kind != null) {
            kinds.put(aggregateId, kind);
        }
        return kind;
    }

    /** As {@link #isOf}, without blocking. */
    public CompletionStage<Boolean> isOfLater(String aggregateId, String aggregateType) {
        String known = kinds.getIfPresent(aggregateId);
        return known != null
                ? CompletableFuture.completedStage(known.equals(aggregateType))
                : CompletableFuture.supplyAsync(() -> isOf(aggregateId, aggregateType), readers);
    }
}
