package dev.onsale.api.performance;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to change of a performance; what is absent stays.
 *
 * @param title 1 to 200 characters
 * @param startsAt later than the start so far
 * @param saleOpensAt in the future; only before the window has begun
 * @param saleClosesAt in the future, as the next three
 * @param holdingEndsAt see {@link LatestInstants}
 * @param sellingEndsAt see {@link LatestInstants}
 * @param cancellableUntil see {@link LatestInstants}
 * @param giveBackUntil until when tickets can be given back because the show is postponed; only with {@code startsAt}
 * @param maxSeatsPerBuyer 1 to 50
 * @param holdDuration 1 s to 1 h
 * @param prices new prices of some categories that are for sale, greater than zero and in the currency of the sale
 * @param effectiveFrom first instant of the new prices, not in the past; absent for now
 */
public record PerformanceChange(
        @Nullable String title,
        @Nullable Instant startsAt,
        @Nullable Instant saleOpensAt,
        @Nullable Instant saleClosesAt,
        @Nullable Instant holdingEndsAt,
        @Nullable Instant sellingEndsAt,
        @Nullable Instant cancellableUntil,
        @Nullable Instant giveBackUntil,
        @Nullable Integer maxSeatsPerBuyer,
        @Nullable Duration holdDuration,
        @Nullable List<PriceZone> prices,
        @Nullable Instant effectiveFrom) {

    /** Changes nothing. */
    public static final PerformanceChange NONE =
            new PerformanceChange(null, null, null, null, null, null, null, null, null, null, null, null);

    public PerformanceChange {
        prices = prices == null ? null : List.copyOf(prices);
    }
}
