package dev.onsale.command.performance;

import dev.onsale.api.Money;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.performance.LatestInstants;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.api.performance.PerformanceTerms;
import dev.onsale.api.performance.PriceZone;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The terms of a performance after a change.
 *
 * @param prices in force now, by category
 * @param laterPrices changes of prices that begin later
 * @param cancellableUntil with the time for giving tickets back after a postponement
 * @param revision number of changes so far; also the ETag
 */
record PerformanceTermsAnswer(
        PerformanceId performanceId,
        String title,
        Instant startsAt,
        Instant saleOpensAt,
        Instant saleClosesAt,
        int maxSeatsPerBuyer,
        Duration holdDuration,
        boolean waitingRoom,
        Instant holdingEndsAt,
        Instant sellingEndsAt,
        Instant cancellableUntil,
        @Nullable Instant giveBackUntil,
        Map<String, Money> prices,
        List<LaterPrices> laterPrices,
        int revision) {

    record LaterPrices(Instant effectiveFrom, Map<String, Money> prices) {}

    static PerformanceTermsAnswer of(PerformanceTerms terms, Instant now) {
        PerformanceScheduled current = terms.current();
        LatestInstants latest = current.latestInstants();
        return new PerformanceTermsAnswer(
                current.performanceId(),
                current.title(),
                current.startsAt(),
                current.saleOpensAt(),
                current.saleClosesAt(),
                current.maxSeatsPerBuyer(),
                current.holdDuration(),
                current.waitingRoom(),
                latest.holdingEndsAt(),
                latest.sellingEndsAt(),
                terms.cancellableUntil(),
                terms.giveBackUntil(),
                byCategory(terms.prices().at(now)),
                terms.prices().after(now).stream()
                        .map(later -> new LaterPrices(later.from(), byCategory(later.prices())))
                        .toList(),
                terms.revision());
    }

    private static Map<String, Money> byCategory(List<PriceZone> prices) {
        Map<String, Money> byCategory = new LinkedHashMap<>();
        prices.forEach(price -> byCategory.put(price.category(), price.price()));
        return byCategory;
    }
}
