package dev.onsale.api.performance;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The prices of a performance over time. In force at an instant is, for each category, the change that begins latest at or before
 * it; of two that begin at the same instant the one that was decided later.
 *
 * @param changes the earliest first; the first has a price for every category that is for sale
 */
public record PriceSchedule(List<Change> changes) {

    /**
     * @param from first instant at which holds are made with the prices
     * @param prices of the categories that it changes
     */
    public record Change(Instant from, List<PriceZone> prices) {

        public Change {
            prices = List.copyOf(prices);
        }
    }

    public PriceSchedule {
        changes = List.copyOf(changes);
    }

    /** The prices with which a performance was scheduled. */
    public static PriceSchedule of(PerformanceScheduled scheduled) {
        return new PriceSchedule(List.of(new Change(Instant.EPOCH, scheduled.priceZones())));
    }

    /** With one more change; what is over by the time it was decided is one change from then on. */
    public PriceSchedule with(PricesChanged change) {
        List<Change> next = new ArrayList<>();
        next.add(new Change(Instant.EPOCH, at(change.at())));
        changes.stream().filter(one -> one.from().isAfter(change.at())).forEach(next::add);
        int place = next.size();
        while (place > 1 && next.get(place - 1).from().isAfter(change.effectiveFrom())) {
            place--;
        }
        next.add(place, new Change(change.effectiveFrom(), change.prices()));
        return new PriceSchedule(next);
    }

    /** The price of every category for a hold that is made at an instant, in the order of the first prices. */
    public List<PriceZone> at(Instant instant) {
        if (changes.size() == 1) {
            return changes.getFirst().prices();
        }
        Map<String, PriceZone> byCategory = new LinkedHashMap<>();
        for (Change change : changes) {
            if (!change.from().isAfter(instant)) {
                change.prices().forEach(price -> byCategory.put(price.category(), price));
            }
        }
        return List.copyOf(byCategory.values());
    }

    /** Changes that begin after an instant. */
    public List<Change> after(Instant instant) {
        return changes.stream().filter(one -> one.from().isAfter(instant)).toList();
    }
}
