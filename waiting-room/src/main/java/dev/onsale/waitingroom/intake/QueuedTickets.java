package dev.onsale.waitingroom.intake;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.onsale.api.BuyerId;
import dev.onsale.waitingroom.key.SaleId;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The tickets of the joins that this node has put in the topic: a buyer who asks again gets the same ticket, so that one account has
 * one join in the topic for each node. Bounded; a ticket that is forgotten early costs one record more, which changes no place.
 */
final class QueuedTickets {

    private static final int TICKETS_MAX = 200_000;
    private static final Duration KEPT = Duration.ofMinutes(10);

    private final AsyncCache<Join, String> tickets = Caffeine.newBuilder()
            .maximumSize(TICKETS_MAX)
            .expireAfterWrite(KEPT)
            .buildAsync();

    /** One account in one life of a room: a room that is opened anew knows nothing of earlier tickets. */
    record Join(SaleId sale, long epoch, BuyerId buyer) {}

    @Nullable
    CompletableFuture<String> find(Join join) {
        return tickets.getIfPresent(join);
    }

    /** The one who begins has to end what is begun. A failure is not remembered. */
    Begun begin(Join join) {
        CompletableFuture<String> own = new CompletableFuture<>();
        CompletableFuture<String> other = tickets.asMap().putIfAbsent(join, own);
        return other == null ? new Begun(own, true) : new Begun(other, false);
    }

    /**
     * @param own whether the caller has to send the join and end the future
     */
    record Begun(CompletableFuture<String> ticket, boolean own) {}

    /** Only this one: another request may have begun anew. */
    void forget(Join join, CompletableFuture<String> ticket) {
        tickets.asMap().remove(join, ticket);
    }
}
