package dev.onsale.waitingroom.intake;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.onsale.api.BuyerId;
import dev.onsale.waitingroom.key.SaleId;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Tickets of the joins that this node sent to the topic. A repeated join gets the same ticket, so an account has one
 * join per node in the topic. Bounded; an evicted ticket costs one more record.
 */
final class QueuedTickets {

    private static final int TICKETS_MAX = 200_000;
    private static final Duration KEPT = Duration.ofMinutes(10);

    private final AsyncCache<Join, String> tickets = Caffeine.newBuilder()
            .maximumSize(TICKETS_MAX)
            .expireAfterWrite(KEPT)
            .buildAsync();

    /** One account in one epoch of a room; a reopened room has no tickets. */
    record Join(SaleId sale, long epoch, BuyerId buyer) {}

    @Nullable
    CompletableFuture<String> find(Join join) {
        return tickets.getIfPresent(join);
    }

    /** Creates or finds a ticket. Its creator must complete it. Failed tickets are not cached. */
    Begun begin(Join join) {
        CompletableFuture<String> own = new CompletableFuture<>();
        CompletableFuture<String> other = tickets.asMap().putIfAbsent(join, own);
        return other == null ? new Begun(own, true) : new Begun(other, false);
    }

    /**
     * @param own whether the caller must send the join and complete the ticket
     */
    record Begun(CompletableFuture<String> ticket, boolean own) {}

    /** Removes exactly this ticket; there may be a newer one. */
    void forget(Join join, CompletableFuture<String> ticket) {
        tickets.asMap().remove(join, ticket);
    }
}
