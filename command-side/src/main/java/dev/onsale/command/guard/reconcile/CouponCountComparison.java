package dev.onsale.command.guard.reconcile;

import dev.onsale.api.CampaignId;
import dev.onsale.command.guard.state.GuardDifference;
import dev.onsale.command.guard.state.GuardKeys;
import dev.onsale.command.guard.state.GuardRedis;
import dev.onsale.command.guard.state.GuardScripts;
import dev.onsale.platform.redis.LuaScript;
import io.lettuce.core.KeyValue;
import io.lettuce.core.MapScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.ScoredValueScanCursor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares how many coupons each buyer has. The guard counts claims under way as well, so a difference is only suspected first;
 * suspects are then read again, Redis before the store, and put right if nothing of it has changed since.
 */
final class CouponCountComparison {

    private static final LuaScript<Long> CORRECT = GuardScripts.number("correct-coupon-count.lua");
    private static final int PAGE_SIZE = 1_000;
    /** Buyers that are counted in one walk through the log; a greater campaign takes several. */
    private static final int BUYERS_AT_ONCE = 200_000;
    /** More are left to the next reconciliation. */
    private static final int SUSPECTS_MAX = 10_000;

    private static final int UUID_LENGTH = 36;

    private final GuardRedis redis;
    private final CouponReconciliation log;

    CouponCountComparison(GuardRedis redis, CouponReconciliation log) {
        this.redis = redis;
        this.log = log;
    }

    void run(CampaignId campaign, ReconciliationRun run) throws Exception {
        String sale = campaign.toString();
        long known = ReconciliationRun.<Long>awaited(redis.call(commands -> commands.zcard(GuardKeys.coupons(sale))));
        int walks = (int) (known / BUYERS_AT_ONCE) + 1;
        Set<String> suspects = new HashSet<>();
        for (int walk = 0; walk < walks && suspects.size() < SUSPECTS_MAX; walk++) {
            suspects(campaign, walk, walks, suspects, run);
        }
        if (!suspects.isEmpty()) {
            correct(campaign, List.copyOf(suspects), run);
        }
    }

    private void suspects(CampaignId campaign, int walk, int walks, Set<String> suspects, ReconciliationRun run)
            throws Exception {
        String key = GuardKeys.buyers(campaign.toString());
        Map<String, Integer> counts = new HashMap<>();
        log.issued(campaign, 0, (event, fact) -> {
            String buyer = fact.buyerId().value();
            if (Math.floorMod(buyer.hashCode(), walks) == walk) {
                counts.merge(buyer, 1, Integer::sum);
            }
        });
        ScanCursor cursor = ScanCursor.INITIAL;
        do {
            ScanCursor from = cursor;
            MapScanCursor<String, String> page = ReconciliationRun.awaited(
                    redis.call(commands -> commands.hscan(key, from, ScanArgs.Builder.limit(PAGE_SIZE))));
            page.getMap().forEach((buyer, value) -> {
                if (Math.floorMod(buyer.hashCode(), walks) == walk) {
                    run.compared(1);
                    Integer count = counts.remove(buyer);
                    if (!value.equals(Integer.toString(count == null ? 0 : count)) && suspects.size() < SUSPECTS_MAX) {
                        suspects.add(buyer);
                    }
                }
            });
            cursor = page;
        } while (!cursor.isFinished());
        // Buyers that the guard does not have.
        counts.keySet().stream().limit(SUSPECTS_MAX - suspects.size()).forEach(suspects::add);
    }

    private void correct(CampaignId campaign, List<String> suspects, ReconciliationRun run) throws Exception {
        String sale = campaign.toString();
        Map<String, String> values = new HashMap<>();
        for (int from = 0; from < suspects.size(); from += PAGE_SIZE) {
            String[] page = suspects.subList(from, Math.min(suspects.size(), from + PAGE_SIZE))
                    .toArray(String[]::new);
            for (KeyValue<String, String> buyer :
                    ReconciliationRun.awaited(redis.call(commands -> commands.hmget(GuardKeys.buyers(sale), page)))) {
                values.put(buyer.getKey(), buyer.getValueOrElse("0"));
            }
        }
        Map<String, Set<String>> claims = claimsOf(sale, values.keySet());
        Map<String, Integer> issued = new HashMap<>();
        Map<String, Boolean> young = new HashMap<>();
        log.issued(campaign, 0, (event, fact) -> {
            String buyer = fact.buyerId().value();
            if (values.containsKey(buyer)) {
                issued.merge(buyer, 1, Integer::sum);
                Set<String> underWay = claims.get(buyer);
                if (underWay != null) {
                    underWay.remove(fact.couponId() + "|" + buyer);
                }
                if (run.isYoung(event.occurredAt())) {
                    young.put(buyer, true);
                }
            }
        });
        String[] keys = {GuardKeys.buyers(sale), GuardKeys.pending(sale)};
        for (Map.Entry<String, String> buyer : values.entrySet()) {
            Set<String> underWay = claims.getOrDefault(buyer.getKey(), Set.of());
            String right = Integer.toString(issued.getOrDefault(buyer.getKey(), 0) + underWay.size());
            if (right.equals(buyer.getValue())) {
                continue;
            }
            if (young.containsKey(buyer.getKey())) {
                run.leftAlone();
                continue;
            }
            List<String> args = new ArrayList<>(List.of(buyer.getKey(), buyer.getValue(), right));
            args.addAll(underWay);
            long corrected = ReconciliationRun.<Long>awaited(redis.run(CORRECT, keys, args.toArray(String[]::new)));
            if (corrected == 1) {
                run.repaired(GuardDifference.COUPON_COUNT_WRONG, 1);
            } else {
                run.leftAlone();
            }
        }
    }

    private Map<String, Set<String>> claimsOf(String sale, Set<String> buyers) throws Exception {
        Map<String, Set<String>> claims = new HashMap<>();
        ScanCursor cursor = ScanCursor.INITIAL;
        do {
            ScanCursor from = cursor;
            ScoredValueScanCursor<String> page = ReconciliationRun.awaited(redis.call(
                    commands -> commands.zscan(GuardKeys.pending(sale), from, ScanArgs.Builder.limit(PAGE_SIZE))));
            for (ScoredValue<String> claim : page.getValues()) {
                if (claim.getValue().length() > UUID_LENGTH + 1) {
                    String buyer = claim.getValue().substring(UUID_LENGTH + 1);
                    if (buyers.contains(buyer)) {
                        claims.computeIfAbsent(buyer, unused -> new HashSet<>()).add(claim.getValue());
                    }
                }
            }
            cursor = page;
        } while (!cursor.isFinished());
        return claims;
    }
}
