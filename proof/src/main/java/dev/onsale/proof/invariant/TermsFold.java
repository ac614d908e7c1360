package dev.onsale.proof.invariant;

import dev.onsale.api.Money;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.performance.LimitChanged;
import dev.onsale.api.performance.PerformanceEvent;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.api.performance.PriceZone;
import dev.onsale.api.performance.PricesChanged;
import dev.onsale.api.reservation.HeldSeat;
import dev.onsale.api.reservation.ReservationHeld;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Folds the events of performances: limit and prices at each position of the log. */
final class TermsFold {

    private record Price(Instant from, String category, Money price) {}

    private static final class Folded {
        final PerformanceScheduled scheduled;
        int maxSeatsPerBuyer;
        final List<Price> prices = new ArrayList<>();

        private Folded(PerformanceScheduled scheduled) {
            this.scheduled = scheduled;
            this.maxSeatsPerBuyer = scheduled.maxSeatsPerBuyer();
            add(Instant.MIN, scheduled.priceZones());
        }

        private void add(Instant from, List<PriceZone> zones) {
            zones.forEach(zone -> prices.add(new Price(from, zone.category(), zone.price())));
        }

        /** That which begins last at or before the instant; of two that begin together the one decided later. */
        private @Nullable Money priceAt(String category, Instant instant) {
            Price best = null;
            for (Price one : prices) {
                boolean applies = one.category().equals(category) && !one.from().isAfter(instant);
                if (applies && (best == null || !one.from().isBefore(best.from()))) {
                    best = one;
                }
            }
            return best == null ? null : best.price();
        }
    }

    private final Findings findings;
    private final Map<PerformanceId, Folded> performances = new HashMap<>();

    TermsFold(Findings findings) {
        this.findings = findings;
    }

    void on(PerformanceEvent event) {
        if (event instanceof PerformanceScheduled scheduled) {
            performances.put(scheduled.performanceId(), new Folded(scheduled));
            return;
        }
        Folded folded = performances.get(event.performanceId());
        if (folded == null) {
            findings.add(
                    Invariant.LOG_IN_ORDER, "Performance " + event.performanceId() + " changes before it is scheduled");
        } else if (event instanceof LimitChanged change) {
            folded.maxSeatsPerBuyer = change.maxSeatsPerBuyer();
        } else if (event instanceof PricesChanged change) {
            folded.add(change.effectiveFrom(), change.prices());
        }
    }

    void requirePrices(long position, ReservationHeld held) {
        Folded folded = performances.get(held.performanceId());
        if (folded == null) {
            return;
        }
        for (HeldSeat seat : held.seats()) {
            Money price = folded.priceAt(seat.category(), held.heldAt());
            if (!seat.price().equals(price)) {
                findings.add(
                        Invariant.PRICE_IN_FORCE,
                        "Reservation " + held.reservationId() + " holds " + seat.seat() + " for " + seat.price()
                                + ", the price in force was " + price + ", at position " + position);
            }
        }
    }

    @Nullable
    Integer maxSeatsPerBuyer(PerformanceId performance) {
        Folded folded = performances.get(performance);
        return folded == null ? null : folded.maxSeatsPerBuyer;
    }

    @Nullable
    PerformanceScheduled scheduled(PerformanceId performance) {
        Folded folded = performances.get(performance);
        return folded == null ? null : folded.scheduled;
    }

    Collection<PerformanceScheduled> scheduled() {
        return performances.values().stream().map(folded -> folded.scheduled).toList();
    }
}
