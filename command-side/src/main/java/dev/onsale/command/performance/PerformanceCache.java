package dev.onsale.command.performance;

import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.CacheLoader;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.performance.PerformanceEvent;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.api.performance.PerformanceTerms;
import dev.onsale.api.performance.SeatingPlan;
import dev.onsale.command.bus.CacheProperties;
import dev.onsale.command.guard.state.GuardRetention;
import dev.onsale.command.store.AggregateKinds;
import dev.onsale.platform.supervision.TaskThreads;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.axonframework.eventsourcing.eventstore.DomainEventStream;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.stereotype.Component;

/**
 * The terms of performances for the check in front of the guard: a made-up seat must not become a key in Redis, and a made-up
 * performance must cost no writer's time. Terms that another node has changed are read again within {@link #CHECKED_EVERY}; until
 * then only the aggregate knows them.
 */
@Component
public class PerformanceCache {

    private static final String AGGREGATE_TYPE = "Performance";

    /** A label with its place in the set, without its characters. */
    private static final int LABEL_BYTES = 90;

    private static final int SALE_BYTES = 600;
    private static final int CALLED_OFF_MAX = 10_000;

    private static final Duration CHECKED_EVERY = Duration.ofSeconds(1);

    private final AsyncLoadingCache<PerformanceId, Optional<Sale>> sales;

    /** What this process has heard of; a show that was called off stays so. */
    private final Cache<PerformanceId, Boolean> calledOff =
            Caffeine.newBuilder().maximumSize(CALLED_OFF_MAX).build();

    private final AggregateKinds kinds;
    private final GuardRetention retention;

    PerformanceCache(
            EventStore store,
            AggregateKinds kinds,
            GuardRetention retention,
            CacheProperties caches,
            MeterRegistry registry) {
        this.kinds = kinds;
        this.retention = retention;
        long bytesMax = Math.max(1, caches.saleFactsBytesMax());
        sales = Caffeine.newBuilder()
                .maximumWeight(bytesMax)
                .<PerformanceId, Optional<Sale>>weigher((id, sale) -> weight(sale, bytesMax))
                .executor(TaskThreads.perTask("sale-facts-"))
                .refreshAfterWrite(CHECKED_EVERY)
                .buildAsync(new CacheLoader<>() {
                    @Override
                    public Optional<Sale> load(PerformanceId id) {
                        return read(store, id);
                    }

                    @Override
                    public Optional<Sale> reload(PerformanceId id, Optional<Sale> known) {
                        return isNewest(store, id, known) ? known : read(store, id);
                    }
                });
        Gauge.builder("onsale.cache.bytes", this, PerformanceCache::bytesKept)
                .tag("cache", "sale_facts")
                .description("Estimated size of what a cache keeps")
                .register(registry);
    }

    /**
     * @param seats every seat of the plan
     * @param seatsNotForSale those of them whose category has no price
     * @param categories every price category of the plan
     * @param maxSeats seats of one buyer
     * @param waitingRoom whether only admitted visitors may hold
     * @param guardedUntil the sale has been over for long by then, and has no guard any more
     * @param lastSequence of the newest fact that is in it
     */
    public record Sale(
            Set<SeatLabel> seats,
            Set<SeatLabel> seatsNotForSale,
            Set<String> categories,
            int maxSeats,
            boolean waitingRoom,
            Instant guardedUntil,
            long lastSequence) {

        public Sale {
            seats = Set.copyOf(seats);
            seatsNotForSale = Set.copyOf(seatsNotForSale);
            categories = Set.copyOf(categories);
        }

        /** Estimate of the heap it takes. */
        long bytes() {
            return SALE_BYTES
                    + seats.stream()
                            .mapToLong(seat -> LABEL_BYTES + 2L * seat.value().length())
                            .sum()
                    + (long) LABEL_BYTES * (seatsNotForSale.size() + categories.size());
        }
    }

    /** A sale larger than the bound is cached alone. Otherwise each request would read it again. */
    private static int weight(Optional<Sale> sale, long bytesMax) {
        long bytes = sale.map(Sale::bytes).orElse((long) SALE_BYTES);
        return (int) Math.min(Math.min(bytes, bytesMax), Integer.MAX_VALUE);
    }

    /** Estimated size of what is kept. */
    long bytesKept() {
        return sales.synchronous()
                .policy()
                .eviction()
                .orElseThrow()
                .weightedSize()
                .orElse(0);
    }

    /** Discards reads that began before the performance was scheduled or changed. */
    public void readAgain(PerformanceId id) {
        sales.synchronous().invalidate(id);
    }

    /** The sale of a performance; fails with {@code PERFORMANCE_NOT_FOUND}. */
    public CompletionStage<Sale> of(PerformanceId id) {
        return sales.get(id)
                .thenApply(sale -> sale.orElseThrow(() -> {
                    // Not cached: the performance may be scheduled the next moment.
                    sales.synchronous().invalidate(id);
                    return new RefusedException(RefusalCode.PERFORMANCE_NOT_FOUND, "There is no such performance");
                }));
    }

    /** From now on holds are refused before they reach the guard. */
    public void calledOff(PerformanceId id) {
        calledOff.put(id, true);
    }

    /**
     * @throws RefusedException with {@code PERFORMANCE_CALLED_OFF} if this process knows of it; the aggregate decides
     */
    public void requireNotCalledOff(PerformanceId id) {
        if (calledOff.getIfPresent(id) != null) {
            throw new RefusedException(RefusalCode.PERFORMANCE_CALLED_OFF, "The show was called off");
        }
    }

    private Optional<Sale> read(EventStore store, PerformanceId id) {
        if (!kinds.isOf(id.toString(), AGGREGATE_TYPE)) {
            return Optional.empty();
        }
        DomainEventStream stream = store.readEvents(id.toString());
        PerformanceTerms terms = null;
        while (stream.hasNext()) {
            if (stream.next().getPayload() instanceof PerformanceEvent event) {
                terms = terms != null
                        ? terms.after(event)
                        : event instanceof PerformanceScheduled scheduled ? PerformanceTerms.of(scheduled) : null;
            }
        }
        Long last = stream.getLastSequenceNumber();
        return terms == null
                ? Optional.empty()
                : Optional.of(sale(terms.current(), retention.guardedUntil(terms.current()), last == null ? 0 : last));
    }

    private static boolean isNewest(EventStore store, PerformanceId id, Optional<Sale> known) {
        long last = store.lastSequenceNumberFor(id.toString()).orElse(-1L);
        return known.map(sale -> sale.lastSequence() >= last).orElse(last < 0);
    }

    private static Sale sale(PerformanceScheduled terms, Instant guardedUntil, long lastSequence) {
        SeatingPlan plan = terms.seatingPlan();
        return new Sale(
                labels(plan),
                notForSale(plan),
                plan.categories().stream().map(SeatingPlan.Category::name).collect(Collectors.toUnmodifiableSet()),
                terms.maxSeatsPerBuyer(),
                terms.waitingRoom(),
                guardedUntil,
                lastSequence);
    }

    private static Set<SeatLabel> notForSale(SeatingPlan plan) {
        return plan.seats()
                .filter(seat -> !plan.offers(seat))
                .map(SeatingPlan.Seat::label)
                .collect(Collectors.toUnmodifiableSet());
    }

    static Set<SeatLabel> labels(SeatingPlan plan) {
        return plan.zones().stream()
                .flatMap(zone -> zone.rows().stream())
                .flatMap(row -> row.seats().stream())
                .map(SeatingPlan.Seat::label)
                .collect(Collectors.toUnmodifiableSet());
    }
}
