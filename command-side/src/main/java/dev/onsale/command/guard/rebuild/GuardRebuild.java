package dev.onsale.command.guard.rebuild;

import dev.onsale.api.CampaignId;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.allowance.AllowanceEvent;
import dev.onsale.api.coupon.CampaignClosed;
import dev.onsale.api.coupon.CampaignLaunched;
import dev.onsale.api.coupon.CouponIssued;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.api.seat.SeatEvent;
import dev.onsale.command.guard.state.FactReader;
import dev.onsale.command.guard.state.GuardFacts;
import dev.onsale.command.guard.state.GuardMetrics;
import dev.onsale.command.guard.state.GuardRemoval;
import dev.onsale.command.guard.state.GuardReports;
import dev.onsale.command.guard.state.GuardRetention;
import dev.onsale.command.guard.state.RebuildReport;
import dev.onsale.command.guard.state.SaleKind;
import dev.onsale.command.guard.state.SaleTerms;
import dev.onsale.eventlog.StoredEvent;
import dev.onsale.eventlog.StoredEvents;
import dev.onsale.platform.supervision.Supervised;
import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.platform.supervision.SupervisedWorkers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Makes a lost guard whole again from the store, page by page. Facts that are written meanwhile reach the guard through
 * {@link GuardFollower}; since each fact is applied by its sequence, it does not matter which of the two comes first. A mark
 * that is lost with the guard tells whether the guard was lost again before it was whole.
 */
@Component
public class GuardRebuild implements Supervised, DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(GuardRebuild.class);
    /** Aggregates of one page, three events of each at most; coupons of one page. */
    private static final int PAGE_SIZE = 2_000;
    /** The hold of a seat is among its newest three events. */
    private static final int EVENTS_OF_A_SEAT = 3;

    private static final int REBUILDS_AT_ONCE = 2;
    private static final long BATCH_TIMEOUT_SECONDS = 10;
    private static final Duration SILENT_MAX = Duration.ofMinutes(2);

    private final StoredEvents events;
    private final GuardFacts facts;
    private final GuardReports reports;
    private final GuardMetrics metrics;
    private final GuardRetention retention;
    private final GuardRemoval removal;
    private final Clock clock;
    private final Map<String, CompletableFuture<Boolean>> underWay = new ConcurrentHashMap<>();
    private final SupervisedWork work;
    private final SupervisedWorkers workers;

    @Autowired
    public GuardRebuild(
            StoredEvents events,
            GuardFacts facts,
            GuardReports reports,
            GuardMetrics metrics,
            GuardRetention retention,
            GuardRemoval removal,
            Clock clock) {
        this(events, facts, reports, metrics, retention, removal, clock, SILENT_MAX);
    }

    /**
     * @param silentMax how long a rebuild may make no progress before another thread takes the place of its own
     */
    public GuardRebuild(
            StoredEvents events,
            GuardFacts facts,
            GuardReports reports,
            GuardMetrics metrics,
            GuardRetention retention,
            GuardRemoval removal,
            Clock clock,
            Duration silentMax) {
        this.work = SupervisedWork.onDemand("guard-rebuild", silentMax).optional();
        this.workers = new SupervisedWorkers(work, REBUILDS_AT_ONCE);
        this.retention = retention;
        this.removal = removal;
        this.events = events;
        this.facts = facts;
        this.reports = reports;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Starts a rebuild unless one is under way. */
    public void seats(PerformanceId performance) {
        CompletableFuture<Boolean> unused = seats(performance, workers);
    }

    /** Starts a rebuild unless one is under way. The future says whether the guard is complete after it. */
    public CompletableFuture<Boolean> seats(PerformanceId performance, Executor executor) {
        return start(performance.toString(), SaleKind.PERFORMANCE, run -> rebuildSeats(performance, run), executor);
    }

    /** As {@link #seats(PerformanceId, Executor)}, by the workers that all lost guards share. */
    public CompletableFuture<Boolean> coupons(CampaignId campaign) {
        return coupons(campaign, workers);
    }

    /** As {@link #seats(PerformanceId, Executor)}. */
    public CompletableFuture<Boolean> coupons(CampaignId campaign, Executor executor) {
        return start(campaign.toString(), SaleKind.CAMPAIGN, run -> rebuildCoupons(campaign, run), executor);
    }

    private interface Work {
        /** False if there is no such sale, or if it is over. */
        boolean in(Run run) throws Exception;
    }

    /** One rebuild: what it has done so far. */
    private final class Run {

        private final String sale;
        private final SaleKind kind;
        private final String mark = UUID.randomUUID().toString();
        private final Instant startedAt = clock.instant();
        private final long begun = System.nanoTime();
        private long eventsRead;
        private long restored;
        private long buyersRestored;

        private Run(String sale, SaleKind kind) {
            this.sale = sale;
            this.kind = kind;
        }

        private Duration took() {
            return Duration.ofNanos(System.nanoTime() - begun);
        }

        private void report(RebuildReport.State state, @Nullable String reason) {
            SupervisedWork.progress();
            reports.save(new RebuildReport(
                    sale, kind, state, eventsRead, restored, buyersRestored, startedAt, took().toMillis(), reason));
        }

        private void requireComplete(long completed) {
            if (completed != 1) {
                throw new IllegalStateException("the guard was lost again, or is rebuilt by another node");
            }
        }
    }

    private CompletableFuture<Boolean> start(String sale, SaleKind kind, Work rebuilding, Executor executor) {
        // A rebuild that hangs must not block those of other sales.
        var unusedInterrupted = workers.replaceSilent();
        CompletableFuture<Boolean> complete = new CompletableFuture<>();
        CompletableFuture<Boolean> earlier = underWay.putIfAbsent(sale, complete);
        if (earlier != null) {
            return earlier.copy();
        }
        try {
            executor.execute(() -> {
                boolean isComplete = false;
                try {
                    isComplete = rebuild(new Run(sale, kind), rebuilding);
                } finally {
                    complete(sale, complete, isComplete);
                }
            });
        } catch (RejectedExecutionException stopped) {
            complete(sale, complete, false);
        }
        return complete.copy();
    }

    private void complete(String sale, CompletableFuture<Boolean> rebuild, boolean isComplete) {
        underWay.remove(sale, rebuild);
        rebuild.complete(isComplete);
    }

    private boolean rebuild(Run run, Work rebuilding) {
        try {
            if (!rebuilding.in(run)) {
                return false;
            }
            run.report(RebuildReport.State.DONE, null);
            metrics.rebuilt(run.kind.tag(), "done", run.took(), run.eventsRead, run.restored);
            log.info(
                    "Guard of sale {} rebuilt from {} facts in {} ms: {} seats or coupons, {} buyers of seats",
                    run.sale,
                    run.eventsRead,
                    run.took().toMillis(),
                    run.restored,
                    run.buyersRestored);
            return true;
        } catch (Exception e) {
            run.report(RebuildReport.State.FAILED, e.toString());
            metrics.rebuilt(run.kind.tag(), "failed", run.took(), run.eventsRead, run.restored);
            log.warn("Guard of sale {} is not rebuilt yet: {}", run.sale, e.toString());
            return false;
        } catch (Error e) {
            run.report(RebuildReport.State.FAILED, e.toString());
            metrics.rebuilt(run.kind.tag(), "failed", run.took(), run.eventsRead, run.restored);
            throw e;
        }
    }

    /** An unknown sale gets no guard: anybody could fill Redis with keys. */
    private @Nullable OnsaleEvent keptSale(String sale) {
        OnsaleEvent terms = SaleTerms.now(events, sale);
        return terms != null && retention.isKept(terms) ? terms : null;
    }

    private boolean rebuildSeats(PerformanceId performance, Run run) throws Exception {
        if (!(keptSale(performance.toString()) instanceof PerformanceScheduled)) {
            return false;
        }
        run.report(RebuildReport.State.RUNNING, null);
        await(List.of(facts.markSeats(performance, run.mark)));
        run.restored = replay(performance + ":", EVENTS_OF_A_SEAT, run);
        run.buyersRestored = replay("allowance:" + performance + ":", 1, run);
        run.requireComplete(awaited(facts.completeSeats(performance, run.mark)));
        return true;
    }

    /** Applies the newest events of all aggregates with this prefix; returns the number of aggregates. */
    private long replay(String prefix, int eventsOfEach, Run run) throws Exception {
        long aggregates = 0;
        String afterId = prefix;
        while (true) {
            List<StoredEvent> page = events.newestWithPrefix(prefix, afterId, PAGE_SIZE, eventsOfEach);
            List<CompletionStage<?>> writes = new ArrayList<>();
            int inPage = 0;
            for (StoredEvent event : page) {
                if (!event.aggregateId().equals(afterId)) {
                    inPage++;
                    afterId = event.aggregateId();
                }
                switch (FactReader.read(event)) {
                    case SeatEvent fact -> writes.add(facts.apply(fact, event.sequence()));
                    case AllowanceEvent fact -> writes.add(facts.apply(fact, event.sequence()));
                    default -> throw new IllegalStateException(event.type() + " is no fact of " + event.aggregateId());
                }
            }
            await(writes);
            aggregates += inPage;
            run.eventsRead += page.size();
            run.report(RebuildReport.State.RUNNING, null);
            if (inPage < PAGE_SIZE) {
                return aggregates;
            }
        }
    }

    private boolean rebuildCoupons(CampaignId campaign, Run run) throws Exception {
        if (!(keptSale(campaign.toString()) instanceof CampaignLaunched launched)) {
            return false;
        }
        run.report(RebuildReport.State.RUNNING, null);
        Instant closedAt = null;
        await(List.of(facts.markCoupons(campaign, run.mark)));
        while (true) {
            List<StoredEvent> page = events.ofAggregate(campaign.toString(), run.eventsRead, PAGE_SIZE);
            List<CompletionStage<?>> writes = new ArrayList<>();
            for (StoredEvent event : page) {
                // Other events do not change who was issued a coupon.
                switch (FactReader.read(event)) {
                    case CouponIssued fact -> writes.add(facts.apply(fact));
                    case CampaignClosed fact -> closedAt = fact.closedAt();
                    default -> {}
                }
            }
            await(writes);
            run.eventsRead += page.size();
            run.restored += writes.size();
            run.report(RebuildReport.State.RUNNING, null);
            if (page.size() < PAGE_SIZE) {
                if (closedAt != null && !retention.isKeptAfter(closedAt)) {
                    awaited(removal.ofClosedCampaign(campaign.toString()));
                } else {
                    run.requireComplete(awaited(facts.completeCoupons(launched, closedAt != null, run.mark)));
                    // A change that was written since was not for the guard while it was incomplete.
                    if (keptSale(campaign.toString()) instanceof CampaignLaunched newest) {
                        awaited(facts.changeQuantity(campaign, newest.quantity()));
                    }
                }
                return true;
            }
        }
    }

    static <T> T awaited(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(BATCH_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    static void await(List<? extends CompletionStage<?>> writes) throws Exception {
        CompletableFuture<Void> all = CompletableFuture.allOf(
                writes.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture[]::new));
        all.get(BATCH_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return List.of(work);
    }

    @Override
    public void destroy() {
        workers.stopNow();
    }
}
