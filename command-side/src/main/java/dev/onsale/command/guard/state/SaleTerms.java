package dev.onsale.command.guard.state;

import dev.onsale.api.EventCatalogue;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.OperatorFact;
import dev.onsale.api.coupon.CampaignLaunched;
import dev.onsale.api.coupon.CampaignTerms;
import dev.onsale.api.coupon.CouponEvent;
import dev.onsale.api.performance.PerformanceEvent;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.api.performance.PerformanceTerms;
import dev.onsale.api.performance.SeatsBlocked;
import dev.onsale.api.performance.SeatsUnblocked;
import dev.onsale.eventlog.StoredEvent;
import dev.onsale.eventlog.StoredEvents;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads from the store the terms that a sale has now. */
public final class SaleTerms {

    private static final int CHANGES_MAX = StoredEvents.PAGE_SIZE_MAX;
    private static final List<String> OF_PERFORMANCES = changes(PerformanceEvent.class);
    private static final List<String> OF_CAMPAIGNS = changes(CouponEvent.class);

    private SaleTerms() {}

    /**
     * As if the sale had been scheduled or launched with them.
     *
     * @return null if the identifier names no performance and no campaign
     */
    public static @Nullable OnsaleEvent now(StoredEvents events, String sale) {
        List<StoredEvent> first = events.ofAggregate(sale, 0, 1);
        return first.isEmpty() ? null : now(events, FactReader.read(first.getFirst()));
    }

    /**
     * As {@link #now(StoredEvents, String)}.
     *
     * @param first the first fact of the sale
     */
    public static @Nullable OnsaleEvent now(StoredEvents events, OnsaleEvent first) {
        return switch (first) {
            case PerformanceScheduled scheduled -> now(events, scheduled).current();
            case CampaignLaunched launched -> now(events, launched).current();
            default -> null;
        };
    }

    /** As {@link #now(StoredEvents, String)}. */
    public static PerformanceTerms now(StoredEvents events, PerformanceScheduled scheduled) {
        PerformanceTerms terms = PerformanceTerms.of(scheduled);
        for (StoredEvent event : events.ofOperators(scheduled.saleKey(), OF_PERFORMANCES, CHANGES_MAX)) {
            terms = terms.after((PerformanceEvent) FactReader.read(event));
        }
        return terms;
    }

    /** As {@link #now(StoredEvents, String)}. */
    public static CampaignTerms now(StoredEvents events, CampaignLaunched launched) {
        CampaignTerms terms = CampaignTerms.of(launched);
        for (StoredEvent event : events.ofOperators(launched.saleKey(), OF_CAMPAIGNS, CHANGES_MAX)) {
            terms = terms.after((CouponEvent) FactReader.read(event));
        }
        return terms;
    }

    /** The facts of operators, without those that only tell of seats. */
    private static List<String> changes(Class<? extends OnsaleEvent> family) {
        return Arrays.stream(family.getPermittedSubclasses())
                .filter(OperatorFact.class::isAssignableFrom)
                .filter(type -> type != SeatsBlocked.class && type != SeatsUnblocked.class)
                .map(type -> EventCatalogue.typeOf(type).value())
                .toList();
    }
}
