package dev.onsale.command.performance;

import dev.onsale.api.OperatorAction;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.performance.HoldDurationChanged;
import dev.onsale.api.performance.LatestInstants;
import dev.onsale.api.performance.LimitChanged;
import dev.onsale.api.performance.PerformanceChange;
import dev.onsale.api.performance.PerformanceEvent;
import dev.onsale.api.performance.PerformancePostponed;
import dev.onsale.api.performance.PerformanceRenamed;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.api.performance.PerformanceTerms;
import dev.onsale.api.performance.PriceZone;
import dev.onsale.api.performance.PricesChanged;
import dev.onsale.api.performance.SaleWindowChanged;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides what a change of a performance's terms comes to: a fact for each thing that becomes different. */
final class PerformanceChanges {

    private static final int LATER_PRICES_MAX = 100;

    private final PerformanceTerms terms;
    private final PerformanceScheduled before;
    private final PerformanceChange change;
    private final OperatorAction by;
    private final Instant now;
    private final List<PerformanceEvent> facts = new ArrayList<>();

    private PerformanceChanges(PerformanceTerms terms, PerformanceChange change, OperatorAction by, Instant now) {
        this.terms = terms;
        this.before = terms.current();
        this.change = change;
        this.by = by;
        this.now = now;
    }

    /**
     * The facts, none if everything is so already.
     *
     * @throws RefusedException with {@code INVALID_REQUEST}, {@code INVALID_WINDOW}, {@code INVALID_PRICE} or {@code UNKNOWN_PRICE_ZONE}
     */
    static List<PerformanceEvent> decide(
            PerformanceTerms terms, PerformanceChange change, OperatorAction by, Instant now) {
        PerformanceChanges changes = new PerformanceChanges(terms, change, by, now);
        changes.title();
        changes.instants();
        changes.limit();
        changes.holdDuration();
        changes.prices();
        return List.copyOf(changes.facts);
    }

    private PerformanceId id() {
        return before.performanceId();
    }

    private void title() {
        String title = change.title();
        if (title != null) {
            TermRules.requireTitle(title);
            if (!title.equals(before.title())) {
                facts.add(new PerformanceRenamed(id(), title, by.operator(), by.reason(), now));
            }
        }
    }

    private void limit() {
        Integer limit = change.maxSeatsPerBuyer();
        if (limit != null) {
            TermRules.requireLimit(limit);
            if (limit != before.maxSeatsPerBuyer()) {
                facts.add(new LimitChanged(id(), limit, by.operator(), by.reason(), now));
            }
        }
    }

    private void holdDuration() {
        if (change.holdDuration() != null) {
            TermRules.requireHoldDuration(change.holdDuration());
            if (!change.holdDuration().equals(before.holdDuration())) {
                facts.add(new HoldDurationChanged(id(), change.holdDuration(), by.operator(), by.reason(), now));
            }
        }
    }

    private void instants() {
        Instant start = startsAt();
        LatestInstants earlier = before.latestInstants();
        LatestInstants moved = new LatestInstants(
                followed(earlier.holdingEndsAt(), start),
                followed(earlier.sellingEndsAt(), start),
                followed(earlier.cancellableUntil(), start));
        Instant giveBack = giveBackUntil(start);
        if (!start.equals(before.startsAt()) || !Objects.equals(giveBack, terms.giveBackUntil())) {
            facts.add(new PerformancePostponed(
                    id(),
                    start,
                    moved.holdingEndsAt(),
                    moved.sellingEndsAt(),
                    moved.cancellableUntil(),
                    giveBack,
                    by.operator(),
                    by.reason(),
                    now));
        }
        window(moved);
    }

    private Instant startsAt() {
        Instant start = change.startsAt();
        if (start == null || start.equals(before.startsAt())) {
            return before.startsAt();
        }
        RefusedException.require(
                start.isAfter(before.startsAt()) && start.isAfter(now),
                RefusalCode.INVALID_WINDOW,
                "A performance can only begin later: after " + before.startsAt() + " and in the future");
        return start;
    }

    private @Nullable Instant giveBackUntil(Instant start) {
        Instant until = change.giveBackUntil();
        if (until == null || until.equals(terms.giveBackUntil())) {
            return terms.giveBackUntil();
        }
        RefusedException.require(
                !start.equals(before.startsAt()) || terms.giveBackUntil() != null,
                RefusalCode.INVALID_WINDOW,
                "giveBackUntil is for a performance that is postponed");
        requireFuture(until, "giveBackUntil");
        return until;
    }

    /** A latest instant that is the start of the show moves with it. */
    private Instant followed(Instant latest, Instant start) {
        return latest.equals(before.startsAt()) ? start : latest;
    }

    private void window(LatestInstants moved) {
        Instant opensAt = future(change.saleOpensAt(), before.saleOpensAt(), "saleOpensAt");
        Instant closesAt = future(change.saleClosesAt(), before.saleClosesAt(), "saleClosesAt");
        LatestInstants latest = new LatestInstants(
                future(change.holdingEndsAt(), moved.holdingEndsAt(), "holdingEndsAt"),
                future(change.sellingEndsAt(), moved.sellingEndsAt(), "sellingEndsAt"),
                future(change.cancellableUntil(), moved.cancellableUntil(), "cancellableUntil"));
        boolean same = opensAt.equals(before.saleOpensAt()) && closesAt.equals(before.saleClosesAt());
        if (same && latest.equals(moved)) {
            return;
        }
        RefusedException.require(
                opensAt.equals(before.saleOpensAt()) || now.isBefore(before.saleOpensAt()),
                RefusalCode.INVALID_WINDOW,
                "The sale has opened at " + before.saleOpensAt() + "; to stop it, close it");
        TermRules.requireWindow(opensAt, closesAt, latest);
        facts.add(new SaleWindowChanged(
                id(),
                opensAt,
                closesAt,
                latest.holdingEndsAt(),
                latest.sellingEndsAt(),
                latest.cancellableUntil(),
                by.operator(),
                by.reason(),
                now));
    }

    private Instant future(@Nullable Instant wanted, Instant sofar, String name) {
        if (wanted == null || wanted.equals(sofar)) {
            return sofar;
        }
        requireFuture(wanted, name);
        return wanted;
    }

    private void requireFuture(Instant instant, String name) {
        RefusedException.require(
                instant.isAfter(now), RefusalCode.INVALID_WINDOW, name + " is in the past: it is " + now);
    }

    private void prices() {
        List<PriceZone> prices = change.prices();
        if (prices == null) {
            RefusedException.require(
                    change.effectiveFrom() == null, RefusalCode.INVALID_REQUEST, "effectiveFrom is for prices");
            return;
        }
        requirePrices(prices);
        Instant from = change.effectiveFrom() == null ? now : change.effectiveFrom();
        Map<String, PriceZone> inForce = new HashMap<>();
        terms.prices().at(from).forEach(price -> inForce.put(price.category(), price));
        if (prices.stream().allMatch(price -> price.equals(inForce.get(price.category())))) {
            return;
        }
        RefusedException.require(
                !from.isBefore(now), RefusalCode.INVALID_WINDOW, "effectiveFrom is in the past: it is " + now);
        RefusedException.require(
                terms.prices().after(now).size() < LATER_PRICES_MAX,
                RefusalCode.INVALID_REQUEST,
                "At most " + LATER_PRICES_MAX + " changes of prices lie ahead");
        facts.add(new PricesChanged(id(), prices, from, by.operator(), by.reason(), now));
    }

    private void requirePrices(List<PriceZone> prices) {
        RefusedException.require(!prices.isEmpty(), RefusalCode.INVALID_REQUEST, "prices names no category");
        Set<String> offered = new HashSet<>();
        before.priceZones().forEach(price -> offered.add(price.category()));
        Currency currency = before.priceZones().getFirst().price().currency();
        Set<String> named = new HashSet<>();
        for (PriceZone price : prices) {
            RefusedException.require(
                    offered.contains(price.category()) && named.add(price.category()),
                    RefusalCode.UNKNOWN_PRICE_ZONE,
                    "No category " + price.category() + " is for sale, or it is named twice");
            RefusedException.require(
                    !price.price().isZero(), RefusalCode.INVALID_PRICE, "A price is greater than zero");
            RefusedException.require(
                    price.price().currency().equals(currency),
                    RefusalCode.INVALID_PRICE,
                    "All prices of this sale are in " + currency);
        }
    }
}
