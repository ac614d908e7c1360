package dev.onsale.api.performance;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The latest instants of a performance: each is the first instant at which something is no longer possible. Unless the operator
 * sets them, each is the start of the show.
 *
 * @param holdingEndsAt no new hold; at or before {@code sellingEndsAt}
 * @param sellingEndsAt no hold lasts longer, so that no payment begins later; one that is under way is finished
 * @param cancellableUntil the buyer cannot cancel a booking; a hold that is not paid for can always be given back
 */
public record LatestInstants(Instant holdingEndsAt, Instant sellingEndsAt, Instant cancellableUntil) {

    /** Whoever sets only the end of holding or only that of selling moves the other one along, but never to an earlier instant. */
    public static LatestInstants of(
            Instant startsAt,
            @Nullable Instant holdingEndsAt,
            @Nullable Instant sellingEndsAt,
            @Nullable Instant cancellableUntil) {
        Instant sellingEnd = sellingEndsAt != null ? sellingEndsAt : later(startsAt, holdingEndsAt);
        return new LatestInstants(
                holdingEndsAt != null ? holdingEndsAt : sellingEnd,
                sellingEnd,
                cancellableUntil != null ? cancellableUntil : startsAt);
    }

    private static Instant later(Instant startsAt, @Nullable Instant other) {
        return other != null && other.isAfter(startsAt) ? other : startsAt;
    }
}
