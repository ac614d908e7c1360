package dev.onsale.command.guard.rebuild;

import dev.onsale.api.allowance.AllowanceEvent;
import dev.onsale.api.coupon.CampaignClosed;
import dev.onsale.api.coupon.CampaignLaunched;
import dev.onsale.api.coupon.CampaignQuantityChanged;
import dev.onsale.api.coupon.CouponIssued;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.api.seat.SeatEvent;
import dev.onsale.command.guard.state.GuardFacts;
import dev.onsale.command.guard.state.GuardRetention;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.springframework.stereotype.Component;

/**
 * Keeps the guard in step with the log: whatever frees or takes a seat or a coupon, however it came about, reaches the guard
 * from the store. A batch is sent as a whole and waited for once, before its token moves.
 */
@Component
@ProcessingGroup(GuardFollower.GROUP)
public class GuardFollower {

    public static final String GROUP = "guard";
    private static final String WRITES = GuardFollower.class.getName() + ".writes";

    private final GuardFacts facts;
    private final GuardRetention retention;

    GuardFollower(GuardFacts facts, GuardRetention retention) {
        this.facts = facts;
        this.retention = retention;
    }

    @EventHandler
    void on(PerformanceScheduled fact, UnitOfWork<?> batch) {
        // Nothing was sold before this fact, so the guard is complete from here on.
        if (retention.isKept(fact)) {
            add(facts.beginSeats(fact.performanceId()), batch);
        }
    }

    @EventHandler
    void on(CampaignLaunched fact, UnitOfWork<?> batch) {
        if (retention.isKept(fact)) {
            add(facts.beginCoupons(fact), batch);
        }
    }

    @EventHandler
    void on(CampaignClosed fact, UnitOfWork<?> batch) {
        add(facts.closeCoupons(fact.campaignId()), batch);
    }

    @EventHandler
    void on(CampaignQuantityChanged fact, UnitOfWork<?> batch) {
        add(facts.changeQuantity(fact.campaignId(), fact.quantity()), batch);
    }

    @EventHandler
    void on(SeatEvent fact, @SequenceNumber long sequence, UnitOfWork<?> batch) {
        add(facts.apply(fact, sequence), batch);
    }

    @EventHandler
    void on(AllowanceEvent fact, @SequenceNumber long sequence, UnitOfWork<?> batch) {
        add(facts.apply(fact, sequence), batch);
    }

    @EventHandler
    void on(CouponIssued fact, UnitOfWork<?> batch) {
        add(facts.apply(fact), batch);
    }

    private static void add(CompletionStage<?> write, UnitOfWork<?> batch) {
        List<CompletionStage<?>> writes = batch.root().getOrComputeResource(WRITES, key -> {
            List<CompletionStage<?>> fresh = new ArrayList<>();
            batch.root().onPrepareCommit(unit -> awaitAll(fresh));
            return fresh;
        });
        writes.add(write);
    }

    private static void awaitAll(List<CompletionStage<?>> writes) {
        try {
            GuardRebuild.await(writes);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the guard follows the log", e);
        } catch (Exception e) {
            throw new IllegalStateException("The guard cannot follow the log now", e);
        }
    }
}
