package dev.onsale.command.guard.reconcile;

import dev.onsale.api.CampaignId;
import dev.onsale.api.coupon.CampaignClosed;
import dev.onsale.api.coupon.CampaignLaunched;
import dev.onsale.api.coupon.CouponIssued;
import dev.onsale.command.guard.state.FactReader;
import dev.onsale.command.guard.state.GuardDifference;
import dev.onsale.command.guard.state.GuardFacts;
import dev.onsale.command.guard.state.GuardKeys;
import dev.onsale.command.guard.state.GuardRedis;
import dev.onsale.command.guard.state.GuardScripts;
import dev.onsale.eventlog.StoredEvent;
import dev.onsale.eventlog.StoredEvents;
import dev.onsale.platform.redis.LuaScript;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.ScoredValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Compares the coupons of one campaign, rank by rank: what the store has issued must be in the guard under its rank, and
 * nothing else. Who has how many is left to {@link CouponCountComparison}.
 */
final class CouponReconciliation {

    private static final LuaScript<Long> DROP = GuardScripts.number("drop-coupons.lua");
    private static final LuaScript<String> RELEASE = GuardScripts.text("release-coupon.lua");
    static final int PAGE_SIZE = 2_000;
    private static final int UUID_LENGTH = 36;

    private final GuardRedis redis;
    private final StoredEvents events;
    private final GuardFacts facts;
    private final CouponCountComparison counts;

    CouponReconciliation(GuardRedis redis, StoredEvents events, GuardFacts facts) {
        this.redis = redis;
        this.events = events;
        this.facts = facts;
        this.counts = new CouponCountComparison(redis, this);
    }

    /** Answers whether there was a complete guard to compare. */
    boolean run(CampaignId campaign, CampaignLaunched launched, ReconciliationRun run) throws Exception {
        String sale = campaign.toString();
        String epoch = ReconciliationRun.awaited(redis.call(commands -> commands.get(GuardKeys.epoch(sale))));
        if (epoch == null) {
            return false;
        }
        if (!epoch.equals(GuardFacts.epochOf(launched)) && !epoch.equals(GuardFacts.closedEpochOf(launched))) {
            ReconciliationRun.awaited(facts.beginCoupons(launched));
            run.repaired(GuardDifference.CAMPAIGN_TERMS_WRONG, 1);
        }
        orphanedClaims(sale, run);
        coupons(campaign, run);
        counts.run(campaign, run);
        if (run.closedAt() != null) {
            run.repaired(GuardDifference.CAMPAIGN_TERMS_WRONG, ReconciliationRun.awaited(facts.closeCoupons(campaign)));
        }
        return true;
    }

    /** Pages through what was issued, with the event that says so. */
    void issued(CampaignId campaign, long fromSequence, BiConsumer<StoredEvent, CouponIssued> each) {
        long next = fromSequence;
        while (true) {
            List<StoredEvent> page = events.ofAggregate(campaign.toString(), next, PAGE_SIZE);
            for (StoredEvent event : page) {
                if (FactReader.read(event) instanceof CouponIssued fact) {
                    each.accept(event, fact);
                }
            }
            next += page.size();
            if (page.size() < PAGE_SIZE) {
                return;
            }
        }
    }

    private void coupons(CampaignId campaign, ReconciliationRun run) throws Exception {
        String key = GuardKeys.coupons(campaign.toString());
        long next = 0;
        int lastRank = 0;
        while (true) {
            List<StoredEvent> page = events.ofAggregate(campaign.toString(), next, PAGE_SIZE);
            Map<CouponIssued, StoredEvent> issued = new HashMap<>();
            int rankBefore = lastRank;
            for (StoredEvent event : page) {
                switch (FactReader.read(event)) {
                    case CouponIssued fact -> {
                        issued.put(fact, event);
                        lastRank = fact.rank();
                    }
                    case CampaignClosed fact -> run.closed(fact.closedAt());
                    default -> {}
                }
            }
            Map<String, Integer> guarded = ranked(key, rankBefore, lastRank);
            for (Map.Entry<CouponIssued, StoredEvent> one : issued.entrySet()) {
                CouponIssued fact = one.getKey();
                Integer rank = guarded.remove(fact.couponId().toString());
                if (rank == null || rank != fact.rank()) {
                    missing(key, fact, one.getValue(), run);
                }
            }
            // Ranks have no gaps: a coupon left between two ranks of the store was never issued.
            drop(key, List.copyOf(guarded.keySet()), run);
            run.compared(issued.size());
            next += page.size();
            if (page.size() < PAGE_SIZE) {
                break;
            }
        }
        beyond(campaign, key, next, lastRank, run);
    }

    /** Coupons of the guard after the store's last rank were either issued since, or never. */
    private void beyond(CampaignId campaign, String key, long next, int lastRank, ReconciliationRun run)
            throws Exception {
        while (true) {
            List<String> candidates =
                    new ArrayList<>(ReconciliationRun.awaited(redis.call(commands -> commands.zrangebyscore(
                            key,
                            Range.<Number>from(Range.Boundary.excluding(lastRank), Range.Boundary.unbounded()),
                            Limit.from(PAGE_SIZE)))));
            int found = candidates.size();
            issued(
                    campaign,
                    next,
                    (event, fact) -> candidates.remove(fact.couponId().toString()));
            drop(key, candidates, run);
            if (found < PAGE_SIZE || candidates.isEmpty()) {
                return;
            }
        }
    }

    private void missing(String key, CouponIssued fact, StoredEvent event, ReconciliationRun run) throws Exception {
        if (run.isYoung(event.occurredAt())) {
            run.leftAlone();
            return;
        }
        String coupon = fact.couponId().toString();
        Double score = ReconciliationRun.awaited(redis.call(commands -> commands.zscore(key, coupon)));
        if (score == null) {
            ReconciliationRun.awaited(facts.apply(fact));
        } else {
            ReconciliationRun.awaited(redis.call(commands -> commands.zadd(key, fact.rank(), coupon)));
        }
        run.repaired(GuardDifference.COUPON_MISSING, 1);
    }

    private void drop(String key, List<String> coupons, ReconciliationRun run) throws Exception {
        if (coupons.isEmpty()) {
            return;
        }
        String[] keys = {key};
        long dropped = ReconciliationRun.<Long>awaited(redis.run(DROP, keys, coupons.toArray(String[]::new)));
        run.repaired(GuardDifference.COUPON_UNKNOWN, dropped);
    }

    /** Coupons of the guard with a rank above one and up to another. The first page includes those below the first rank. */
    private Map<String, Integer> ranked(String key, int above, int upTo) throws Exception {
        Map<String, Integer> ranks = new HashMap<>();
        Range<Number> range = above == 0
                ? Range.from(Range.Boundary.unbounded(), Range.Boundary.including(upTo))
                : Range.from(Range.Boundary.excluding(above), Range.Boundary.including(upTo));
        for (ScoredValue<String> coupon : ReconciliationRun.awaited(
                redis.call(commands -> commands.zrangebyscoreWithScores(key, range, Limit.from(2L * PAGE_SIZE))))) {
            ranks.put(coupon.getValue(), (int) coupon.getScore());
        }
        return ranks;
    }

    private void orphanedClaims(String sale, ReconciliationRun run) throws Exception {
        String pending = GuardKeys.pending(sale);
        String[] keys = {GuardKeys.buyers(sale), pending};
        while (true) {
            long now = run.now();
            List<ScoredValue<String>> ends =
                    new ArrayList<>(ReconciliationRun.awaited(redis.call(commands -> commands.zrangebyscoreWithScores(
                            pending,
                            Range.<Number>from(Range.Boundary.unbounded(), Range.Boundary.including(now)),
                            Limit.from(PAGE_SIZE)))));
            int lapsed = ends.size();
            ends.addAll(ReconciliationRun.awaited(redis.call(commands -> commands.zrevrangebyscoreWithScores(
                    pending,
                    Range.<Number>from(Range.Boundary.excluding(now), Range.Boundary.unbounded()),
                    Limit.from(PAGE_SIZE)))));
            long released = 0;
            for (ScoredValue<String> claim : ends) {
                if (run.isOrphaned((long) claim.getScore()) && claim.getValue().length() > UUID_LENGTH + 1) {
                    String coupon = claim.getValue().substring(0, UUID_LENGTH);
                    String buyer = claim.getValue().substring(UUID_LENGTH + 1);
                    ReconciliationRun.<String>awaited(redis.run(RELEASE, keys, coupon, buyer));
                    released++;
                }
            }
            run.repaired(GuardDifference.COUPON_CLAIM_ORPHANED, released);
            if (released == 0 || (lapsed < PAGE_SIZE && ends.size() < PAGE_SIZE)) {
                return;
            }
        }
    }
}
