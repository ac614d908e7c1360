package dev.onsale.command.guard.reconcile;

import dev.onsale.api.AllowanceId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.SeatId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.api.performance.SeatingPlan;
import dev.onsale.command.guard.reconcile.SeatComparison.StoredSeat;
import dev.onsale.command.guard.reconcile.SeatComparison.Verdict;
import dev.onsale.command.guard.state.BuyerEntry;
import dev.onsale.command.guard.state.GuardDifference;
import dev.onsale.command.guard.state.GuardKeys;
import dev.onsale.command.guard.state.GuardRedis;
import dev.onsale.command.guard.state.GuardScripts;
import dev.onsale.eventlog.StoredEvent;
import dev.onsale.eventlog.StoredEvents;
import dev.onsale.platform.redis.LuaScript;
import io.lettuce.core.KeyValue;
import io.lettuce.core.MapScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares every seat and every buyer of one performance. A page is read from Redis first and from the store after it, so that
 * the guard cannot know more than the store; a field is put right only if it is still what was read.
 */
final class SeatReconciliation {

    private static final LuaScript<Long> REPLACE = GuardScripts.number("replace-field.lua");
    private static final int PAGE_SIZE = 500;
    private static final int EVENTS_OF_A_SEAT = 3;

    private final GuardRedis redis;
    private final StoredEvents events;

    SeatReconciliation(GuardRedis redis, StoredEvents events) {
        this.redis = redis;
        this.events = events;
    }

    /** Answers whether there was a complete guard to compare. */
    boolean run(PerformanceId performance, PerformanceScheduled scheduled, ReconciliationRun run) throws Exception {
        String key = GuardKeys.seats(performance.toString());
        if (ReconciliationRun.awaited(redis.call(commands -> commands.hget(key, GuardKeys.EPOCH))) == null) {
            return false;
        }
        Set<String> plan = labels(scheduled.seatingPlan());
        List<String> page = new ArrayList<>();
        for (String label : plan) {
            page.add(label);
            if (page.size() == PAGE_SIZE) {
                seats(key, performance, page, run);
                page.clear();
            }
        }
        seats(key, performance, page, run);
        buyersOfTheStore(key, performance, run);
        fieldsOfTheGuard(key, performance, plan, run);
        return true;
    }

    private void seats(String key, PerformanceId performance, List<String> labels, ReconciliationRun run)
            throws Exception {
        Map<String, @Nullable String> guarded = values(key, labels);
        Map<String, List<StoredEvent>> stored = events
                .newestOf(
                        labels.stream()
                                .map(label -> new SeatId(performance, SeatLabel.of(label)).toString())
                                .toList(),
                        EVENTS_OF_A_SEAT)
                .stream()
                .collect(Collectors.groupingBy(StoredEvent::aggregateId));
        compare(key, guarded, run, (label, value) -> {
            List<StoredEvent> newest =
                    stored.getOrDefault(new SeatId(performance, SeatLabel.of(label)).toString(), List.of());
            return SeatComparison.seat(value, StoredSeat.of(newest), run);
        });
    }

    private void buyersOfTheStore(String key, PerformanceId performance, ReconciliationRun run) throws Exception {
        String prefix = "allowance:" + performance + ":";
        String afterId = prefix;
        while (true) {
            List<StoredEvent> page = events.newestWithPrefix(prefix, afterId, PAGE_SIZE, 1);
            buyers(
                    key,
                    performance,
                    page.stream()
                            .map(event -> event.aggregateId().substring(prefix.length()))
                            .toList(),
                    run);
            if (page.size() < PAGE_SIZE) {
                return;
            }
            afterId = page.getLast().aggregateId();
        }
    }

    private void buyers(String key, PerformanceId performance, List<String> buyers, ReconciliationRun run)
            throws Exception {
        Map<String, String> allowances = new LinkedHashMap<>();
        for (String buyer : buyers) {
            var id = dev.onsale.api.BuyerId.of(buyer);
            allowances.put(GuardKeys.buyerField(id), new AllowanceId(performance, id).toString());
        }
        Map<String, @Nullable String> guarded = values(key, List.copyOf(allowances.keySet()));
        Map<String, StoredEvent> stored = new HashMap<>();
        for (StoredEvent event : events.newestOf(allowances.values(), 1)) {
            stored.put(event.aggregateId(), event);
        }
        compare(
                key,
                guarded,
                run,
                (field, value) -> SeatComparison.buyer(value, stored.get(allowances.get(field)), run));
    }

    /** Fields that the store does not have: unknown buyers, and fields of no seat and no buyer. */
    private void fieldsOfTheGuard(String key, PerformanceId performance, Set<String> plan, ReconciliationRun run)
            throws Exception {
        ScanCursor cursor = ScanCursor.INITIAL;
        do {
            ScanCursor from = cursor;
            MapScanCursor<String, String> page = ReconciliationRun.awaited(
                    redis.call(commands -> commands.hscan(key, from, ScanArgs.Builder.limit(PAGE_SIZE))));
            List<String> buyers = new ArrayList<>();
            Map<String, @Nullable String> strangers = new LinkedHashMap<>();
            page.getMap().forEach((field, value) -> {
                if (GuardKeys.isBuyerField(field)) {
                    BuyerEntry entry = BuyerEntry.parse(value);
                    if (GuardKeys.isBuyer(field) && (entry == null || !isPlain(entry, run))) {
                        buyers.add(GuardKeys.buyerOf(field).value());
                    } else if (!GuardKeys.isBuyer(field)) {
                        strangers.put(field, value);
                    }
                } else if (!GuardKeys.isOwn(field) && !plan.contains(field)) {
                    strangers.put(field, value);
                }
            });
            buyers(key, performance, buyers, run);
            compare(key, strangers, run, (field, value) -> new Verdict.Wrong(GuardDifference.FIELD_UNREADABLE, ""));
            cursor = page;
        } while (!cursor.isFinished());
    }

    /** A buyer with live claims only needs no look into the store. */
    private static boolean isPlain(BuyerEntry entry, ReconciliationRun run) {
        return entry.sequence() < 0
                && entry.seatsInUse() == 0
                && entry.claims().stream().noneMatch(claim -> run.isOrphaned(claim.until()));
    }

    private Map<String, @Nullable String> values(String key, List<String> fields) throws Exception {
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        if (!fields.isEmpty()) {
            List<KeyValue<String, String>> answer = ReconciliationRun.awaited(
                    redis.call(commands -> commands.hmget(key, fields.toArray(String[]::new))));
            for (KeyValue<String, String> field : answer) {
                values.put(field.getKey(), field.getValueOrElse(null));
            }
        }
        return values;
    }

    private void compare(
            String key,
            Map<String, @Nullable String> guarded,
            ReconciliationRun run,
            BiFunction<String, @Nullable String, Verdict> check)
            throws Exception {
        String[] keys = {key};
        run.compared(guarded.size());
        for (Map.Entry<String, @Nullable String> field : guarded.entrySet()) {
            String value = field.getValue();
            switch (check.apply(field.getKey(), value)) {
                case Verdict.Right unused -> {
                    // Nothing to do.
                }
                case Verdict.Young unused -> run.leftAlone();
                case Verdict.Wrong wrong -> {
                    String[] args = {field.getKey(), value == null ? "" : value, wrong.value()};
                    long replaced = ReconciliationRun.awaited(redis.run(REPLACE, keys, args));
                    if (replaced == 1) {
                        run.repaired(wrong.difference(), 1);
                    } else {
                        run.leftAlone();
                    }
                }
            }
        }
    }

    private static Set<String> labels(SeatingPlan plan) {
        return plan.zones().stream()
                .flatMap(zone -> zone.rows().stream())
                .flatMap(row -> row.seats().stream())
                .map(seat -> seat.label().value())
                .collect(Collectors.toUnmodifiableSet());
    }
}
