package dev.onsale.command.guard.reconcile;

import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.coupon.CampaignLaunched;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.command.CommandSideProperties;
import dev.onsale.command.guard.rebuild.GuardRebuild;
import dev.onsale.command.guard.state.GuardFacts;
import dev.onsale.command.guard.state.GuardKeys;
import dev.onsale.command.guard.state.GuardMetrics;
import dev.onsale.command.guard.state.GuardProperties;
import dev.onsale.command.guard.state.GuardRedis;
import dev.onsale.command.guard.state.GuardRemoval;
import dev.onsale.command.guard.state.GuardReports;
import dev.onsale.command.guard.state.GuardRetention;
import dev.onsale.command.guard.state.ReconciliationReport;
import dev.onsale.command.guard.state.ReconciliationReport.State;
import dev.onsale.command.guard.state.SaleKind;
import dev.onsale.command.guard.state.SaleTerms;
import dev.onsale.eventlog.StoredEvents;
import dev.onsale.platform.supervision.PeriodicTasks;
import dev.onsale.platform.supervision.Supervised;
import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.platform.supervision.SupervisedWorkers;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Compares guards with the store and repairs what differs: those of live sales at an interval, on one node, and any of them when
 * an operator asks. Claims whose commands are under way are left alone. Guards of sales that are over are removed.
 */
@Component
public class Reconciler implements SmartLifecycle, Supervised {

    private static final Logger log = LoggerFactory.getLogger(Reconciler.class);
    private static final Duration LEASE = Duration.ofSeconds(60);
    private static final String ROUND = "onsale:guard:reconciliation-round";
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(1);
    private static final Duration SILENT_MAX = Duration.ofMinutes(2);
    private static final int WAITING_MAX = 100;
    private static final int SCAN_PAGE = 1_000;

    private final GuardRedis redis;
    private final StoredEvents events;
    private final SeatReconciliation seats;
    private final CouponReconciliation coupons;
    private final GuardRebuild rebuild;
    private final GuardReports reports;
    private final GuardMetrics metrics;
    private final GuardRetention retention;
    private final GuardRemoval removal;
    private final GuardLease lease;
    private final Clock clock;
    private final Duration claimDuration;
    private final Duration interval;
    private volatile boolean running;
    private final SupervisedWork comparing =
            SupervisedWork.onDemand("guard-reconciler", SILENT_MAX).optional();
    private final SupervisedWork rounds;
    private final SupervisedWork prolongation =
            SupervisedWork.onDemand("guard-reconciler-lease", SILENT_MAX).optional();
    private final SupervisedWorkers worker = new SupervisedWorkers(comparing, 1, WAITING_MAX);
    private final PeriodicTasks timer = new PeriodicTasks("guard-reconciler-timer");

    Reconciler(
            GuardRedis redis,
            StoredEvents events,
            GuardFacts facts,
            GuardRebuild rebuild,
            GuardReports reports,
            GuardMetrics metrics,
            GuardRetention retention,
            GuardRemoval removal,
            Clock clock,
            CommandSideProperties properties,
            GuardProperties guard) {
        this.retention = retention;
        this.removal = removal;
        this.redis = redis;
        this.events = events;
        this.seats = new SeatReconciliation(redis, events);
        this.coupons = new CouponReconciliation(redis, events, facts);
        this.rebuild = rebuild;
        this.reports = reports;
        this.metrics = metrics;
        this.lease = new GuardLease(redis);
        this.clock = clock;
        this.claimDuration = properties.claimDuration();
        this.interval = guard.reconciliationInterval();
        this.rounds = new SupervisedWork("guard-reconciler-rounds", interval.plus(SILENT_MAX)).optional();
    }

    @Override
    public void start() {
        running = true;
        var unused = timer.every(interval, rounds, this::beginRound);
    }

    /**
     * Begins to compare the guard of one sale; if that is under way already, answers how far it is.
     *
     * @throws RefusedException with {@code SALE_NOT_FOUND} or {@code TEMPORARILY_UNAVAILABLE}
     */
    public ReconciliationReport begin(String sale) {
        OnsaleEvent first = firstFact(sale);
        SaleKind kind = first instanceof PerformanceScheduled ? SaleKind.PERFORMANCE : SaleKind.CAMPAIGN;
        ReconciliationRun run = new ReconciliationRun(sale, kind, clock, claimDuration);
        try {
            if (!lease.take(GuardKeys.reconciling(sale), LEASE)) {
                return ReconciliationRun.awaited(reports.reconciliation(sale))
                        .orElseGet(() -> run.report(State.RUNNING, null));
            }
            ReconciliationReport begun = run.report(State.RUNNING, null);
            ReconciliationRun.awaited(reports.save(begun));
            worker.execute(() -> underLease(first, run));
            return begun;
        } catch (RejectedExecutionException e) {
            lease.giveBack(GuardKeys.reconciling(sale));
            throw unavailable("Too many reconciliations wait; try again later");
        } catch (Exception e) {
            throw unavailable("Redis is away; try again shortly");
        }
    }

    /**
     * The first fact of a sale, as if it had had the terms of now.
     *
     * @throws RefusedException with {@code SALE_NOT_FOUND}
     */
    public OnsaleEvent firstFact(String sale) {
        String kind = events.aggregateType(sale).orElse("");
        if (kind.equals("Performance") || kind.equals("Campaign")) {
            OnsaleEvent terms = SaleTerms.now(events, sale);
            if (terms != null) {
                return terms;
            }
        }
        throw new RefusedException(RefusalCode.SALE_NOT_FOUND, "There is no such performance or campaign");
    }

    public static RefusedException unavailable(String detail) {
        return new RefusedException(RefusalCode.TEMPORARILY_UNAVAILABLE, detail);
    }

    private void underLease(OnsaleEvent first, ReconciliationRun run) {
        String key = GuardKeys.reconciling(run.sale);
        ScheduledFuture<?> prolonging = timer.every(LEASE.dividedBy(3), prolongation, () -> lease.prolong(key, LEASE));
        try {
            if (!retention.isKept(first)) {
                remove(run.sale);
                end(run.report(State.SALE_ENDED, null), run);
                return;
            }
            boolean compared =
                    switch (first) {
                        case PerformanceScheduled scheduled -> {
                            boolean complete = seats.run(scheduled.performanceId(), scheduled, run);
                            if (!complete) {
                                rebuild.seats(scheduled.performanceId());
                            }
                            yield complete;
                        }
                        case CampaignLaunched launched -> {
                            boolean complete = coupons.run(launched.campaignId(), launched, run);
                            if (!complete) {
                                CompletableFuture<Boolean> unused = rebuild.coupons(launched.campaignId());
                            }
                            yield complete;
                        }
                        default -> throw new IllegalStateException("Not the first fact of a sale: " + first);
                    };
            end(run.report(compared ? State.DONE : State.GUARD_LOST, null), run);
            Instant closedAt = run.closedAt();
            if (closedAt != null && !retention.isKeptAfter(closedAt)) {
                ReconciliationRun.awaited(removal.ofClosedCampaign(run.sale));
                removed(run.sale);
            }
        } catch (Exception e) {
            end(run.report(State.FAILED, e.toString()), run);
        } catch (Error e) {
            end(run.report(State.FAILED, e.toString()), run);
            throw e;
        } finally {
            prolonging.cancel(false);
            lease.giveBack(key);
        }
    }

    private void end(ReconciliationReport report, ReconciliationRun run) {
        var unused = reports.save(report);
        metrics.reconciled(run.kind.tag(), report.state().name().toLowerCase(java.util.Locale.ROOT), run.took());
        report.repaired().forEach((difference, count) -> metrics.repaired(difference.tag(), count));
        if (report.state() == State.FAILED) {
            log.warn("Guard of sale {} could not be compared with the store: {}", report.saleKey(), report.reason());
        } else if (!report.repaired().isEmpty()) {
            log.warn(
                    "Guard of sale {} differed from the store and was repaired: {} of {} compared, in {} ms",
                    report.saleKey(),
                    report.repaired(),
                    report.compared(),
                    report.durationMillis());
        } else {
            log.debug(
                    "Guard of sale {} equals the event store: {} entries compared",
                    report.saleKey(),
                    report.compared());
        }
    }

    private void beginRound() {
        var unusedInterrupted = worker.replaceSilent();
        try {
            // Kept until the next round is due, so that one node does it in each interval.
            if (lease.take(ROUND, interval.minus(interval.dividedBy(10)))) {
                worker.execute(this::round);
            }
        } catch (Exception e) {
            log.warn("Guards could not be compared with the event store: {}", e.toString());
        }
    }

    private void remove(String sale) throws Exception {
        if (ReconciliationRun.awaited(removal.ofSale(sale)) > 0) {
            removed(sale);
        }
    }

    private void removed(String sale) {
        metrics.removed();
        log.info("The guard of sale {} is removed: the sale is over", sale);
    }

    public void round() {
        try {
            ScanCursor cursor = ScanCursor.INITIAL;
            do {
                ScanCursor from = cursor;
                KeyScanCursor<String> page = ReconciliationRun.awaited(redis.call(commands -> commands.scan(
                        from, ScanArgs.Builder.matches("onsale:{*}:guard:*").limit(SCAN_PAGE))));
                for (String key : page.getKeys()) {
                    String sale = GuardKeys.saleOfGuard(key);
                    if (sale != null) {
                        reconcile(sale);
                    }
                }
                cursor = page;
            } while (!cursor.isFinished());
        } catch (Exception e) {
            log.warn("Not all guards could be compared with the event store: {}", e.toString());
        }
    }

    private void reconcile(String sale) throws Exception {
        OnsaleEvent first;
        try {
            first = firstFact(sale);
        } catch (RefusedException e) {
            log.debug("Redis has a guard of the unknown sale {}", sale);
            return;
        }
        if (!retention.isKept(first)) {
            remove(sale);
            return;
        }
        if (!retention.isLive(first) || ReconciliationRun.awaited(removal.isClosedCampaign(sale))) {
            return;
        }
        if (lease.take(GuardKeys.reconciling(sale), LEASE)) {
            SaleKind kind = first instanceof PerformanceScheduled ? SaleKind.PERFORMANCE : SaleKind.CAMPAIGN;
            underLease(first, new ReconciliationRun(sale, kind, clock, claimDuration));
        }
    }

    /** Stops before the connections to Redis and the store are closed. A comparison may be cut off. */
    @Override
    public void stop() {
        running = false;
        timer.stopNow(STOP_PATIENCE);
        worker.stopNow();
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return List.of(comparing, rounds, prolongation);
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
