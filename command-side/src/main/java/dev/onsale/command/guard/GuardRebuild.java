package dev.onsale.command.guard;

import dev.onsale.api.CampaignId;
import dev.onsale.api.EventCatalogue;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.coupon.CampaignLaunched;
import dev.onsale.api.coupon.CouponIssued;
import dev.onsale.api.seat.SeatEvent;
import dev.onsale.eventlog.EventJson;
import dev.onsale.eventlog.StoredEvent;
import dev.onsale.eventlog.StoredEvents;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;

/**
 * Makes a lost guard whole again from the store, one sale at a time. Facts that are written meanwhile reach the guard through
 * {@link GuardFollower}; since each fact is applied by its sequence, it does not matter which of the two comes first.
 */
class GuardRebuild implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(GuardRebuild.class);
    private static final int PAGE_SIZE = 2_000;
    private static final long BATCH_TIMEOUT_SECONDS = 10;

    private final StoredEvents events;
    private final GuardFacts facts;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();
    private final ExecutorService worker = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "guard-rebuild");
        thread.setDaemon(true);
        return thread;
    });

    GuardRebuild(StoredEvents events, GuardFacts facts) {
        this.events = events;
        this.facts = facts;
    }

    /** Starts a rebuild unless one is under way. */
    void seats(PerformanceId performance) {
        start(performance.toString(), () -> rebuildSeats(performance));
    }

    /** Starts a rebuild unless one is under way. */
    void coupons(CampaignId campaign) {
        start(campaign.toString(), () -> rebuildCoupons(campaign));
    }

    private interface Work {
        long run() throws Exception;
    }

    private void start(String sale, Work work) {
        if (!underWay.add(sale)) {
            return;
        }
        worker.execute(() -> {
            long begun = System.nanoTime();
            try {
                long applied = work.run();
                log.info(
                        "Guard of sale {} rebuilt from {} facts in {} ms",
                        sale,
                        applied,
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
            } catch (Exception e) {
                log.warn("Guard of sale {} is not rebuilt yet: {}", sale, e.toString());
            } finally {
                underWay.remove(sale);
            }
        });
    }

    private long rebuildSeats(PerformanceId performance) throws Exception {
        if (events.ofAggregate(performance.toString(), 0, 1).isEmpty()) {
            return 0; // No such performance: a guard for it would be a key that anyone can make.
        }
        long applied = 0;
        String afterId = performance + ":";
        long afterSequence = Long.MAX_VALUE;
        while (true) {
            List<StoredEvent> page =
                    events.ofAggregatesWithPrefix(performance + ":", afterId, afterSequence, PAGE_SIZE);
            List<CompletionStage<?>> writes = new ArrayList<>();
            for (StoredEvent event : page) {
                if (read(event) instanceof SeatEvent fact) {
                    writes.add(facts.apply(fact, event.sequence()));
                }
            }
            await(writes);
            applied += page.size();
            if (page.size() < PAGE_SIZE) {
                await(List.of(facts.completeSeats(performance.toString(), "rebuilt")));
                return applied;
            }
            afterId = page.getLast().aggregateId();
            afterSequence = page.getLast().sequence();
        }
    }

    private long rebuildCoupons(CampaignId campaign) throws Exception {
        long next = 0;
        CampaignLaunched launched = null;
        while (true) {
            List<StoredEvent> page = events.ofAggregate(campaign.toString(), next, PAGE_SIZE);
            List<CompletionStage<?>> writes = new ArrayList<>();
            for (StoredEvent event : page) {
                switch (read(event)) {
                    case CouponIssued fact -> writes.add(facts.apply(fact));
                    case CampaignLaunched fact -> launched = fact;
                    default -> {
                        // Redeeming and restoring do not change who was issued a coupon.
                    }
                }
            }
            await(writes);
            next += page.size();
            if (page.size() < PAGE_SIZE) {
                if (launched != null) {
                    await(List.of(facts.completeCoupons(launched)));
                }
                return next;
            }
        }
    }

    private static OnsaleEvent read(StoredEvent event) {
        @Nullable Class<? extends OnsaleEvent> type = EventCatalogue.classOf(event.type());
        if (type == null) {
            throw new IllegalStateException("The store has an event of unknown type " + event.type());
        }
        return EventJson.mapper().readValue(event.payloadJson(), type);
    }

    static void await(List<? extends CompletionStage<?>> writes) throws Exception {
        CompletableFuture.allOf(writes.stream()
                        .map(CompletionStage::toCompletableFuture)
                        .toArray(CompletableFuture[]::new))
                .get(BATCH_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void destroy() {
        worker.shutdownNow();
    }
}
