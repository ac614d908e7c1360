package dev.onsale.command.performance;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import dev.onsale.api.OperatorAction;
import dev.onsale.api.OperatorFact;
import dev.onsale.api.OperatorId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RecordLimits;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.Texts;
import dev.onsale.api.performance.CallOffPerformance;
import dev.onsale.api.performance.ChangePerformance;
import dev.onsale.api.performance.HoldDurationChanged;
import dev.onsale.api.performance.LatestInstants;
import dev.onsale.api.performance.LimitChanged;
import dev.onsale.api.performance.PerformanceCalledOff;
import dev.onsale.api.performance.PerformanceEvent;
import dev.onsale.api.performance.PerformancePostponed;
import dev.onsale.api.performance.PerformanceRenamed;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.api.performance.PerformanceTerms;
import dev.onsale.api.performance.PriceZone;
import dev.onsale.api.performance.PricesChanged;
import dev.onsale.api.performance.SaleClosed;
import dev.onsale.api.performance.SaleOpened;
import dev.onsale.api.performance.SaleWindowChanged;
import dev.onsale.api.performance.SchedulePerformance;
import dev.onsale.api.performance.SeatingPlan;
import dev.onsale.api.performance.SeatsBlocked;
import dev.onsale.api.performance.SeatsUnblocked;
import dev.onsale.command.bus.MemorySized;
import dev.onsale.command.change.RecentChanges;
import dev.onsale.eventlog.EventJson;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/** A performance on sale: plan, prices and sale window. Every hold checks it first. */
@Aggregate(type = "Performance")
public class Performance implements MemorySized {

    /** A seat of the plan, its label and its entry among the prices, without the characters of the label. */
    private static final int SEAT_BYTES = 250;

    @AggregateIdentifier
    @Nullable
    String id;

    private @Nullable PerformanceScheduled scheduled;
    private @Nullable PerformanceTerms terms;
    private final RecentChanges changes = new RecentChanges();
    private Map<SeatLabel, String> categoryBySeat = Map.of();
    private long memoryBytes;
    private OperatorsWord operatorsWord = OperatorsWord.NONE;
    private @Nullable PerformanceCalledOff calledOff;

    private enum OperatorsWord {
        NONE,
        OPENED,
        CLOSED
    }

    protected Performance() {
        // For Axon, which replays the events.
    }

    Performance(PerformanceId id) {
        this.id = id.toString();
    }

    PerformanceScheduled schedule(SchedulePerformance command, Instant now) {
        if (scheduled == null) {
            PerformanceScheduled fact = decideSchedule(command, now);
            requireFits(fact);
            apply(fact);
            return fact;
        }
        // A repeat gets the first answer, also after an instant that would refuse a new request.
        if (sameContent(scheduled, fact(command, scheduled.scheduledAt()))) {
            return scheduled;
        }
        throw new RefusedException(RefusalCode.IDEMPOTENCY_KEY_REUSED, "This key scheduled another performance before");
    }

    PerformanceTerms change(ChangePerformance command, Instant now) {
        PerformanceTerms before = requiredTerms();
        requireChangeable(now);
        List<PerformanceEvent> facts = PerformanceChanges.decide(before, command.change(), command.by(), now);
        if (!facts.isEmpty()) {
            changes.requireNewest(command.basedOn(), before.revision());
            facts.forEach(fact -> apply(fact));
        }
        return requiredTerms();
    }

    /** Says that an operator blocked seats; no fact if there were none. */
    public SeatsBlocked block(List<SeatLabel> seats, OperatorAction by, Instant now) {
        SeatsBlocked fact = new SeatsBlocked(required().performanceId(), seats, by.operator(), by.reason(), now);
        if (!seats.isEmpty()) {
            apply(fact);
        }
        return fact;
    }

    /** As {@link #block}. */
    public SeatsUnblocked unblock(List<SeatLabel> seats, OperatorAction by, Instant now) {
        SeatsUnblocked fact = new SeatsUnblocked(required().performanceId(), seats, by.operator(), by.reason(), now);
        if (!seats.isEmpty()) {
            apply(fact);
        }
        return fact;
    }

    /**
     * Whether the sale may still be changed.
     *
     * @throws RefusedException with {@code SALE_OVER} or {@code PERFORMANCE_CALLED_OFF}
     */
    public void requireChangeable(Instant now) {
        PerformanceScheduled performance = required();
        requireNotCalledOff();
        Instant start = performance.startsAt();
        Instant sellingEnd = performance.latestInstants().sellingEndsAt();
        Instant end = start.isAfter(sellingEnd) ? start : sellingEnd;
        RefusedException.require(now.isBefore(end), RefusalCode.SALE_OVER, "The sale was over at " + end);
    }

    void openSale(Instant now) {
        PerformanceScheduled performance = required();
        requireNotCalledOff();
        if (!now.isBefore(performance.holdableUntil())) {
            throw new RefusedException(
                    RefusalCode.SALE_CLOSED, "Seats could be held until " + performance.holdableUntil());
        }
        if (operatorsWord == OperatorsWord.CLOSED
                || (operatorsWord == OperatorsWord.NONE && now.isBefore(performance.saleOpensAt()))) {
            apply(new SaleOpened(performance.performanceId(), now));
        }
    }

    void closeSale(OperatorId by, Instant now) {
        PerformanceScheduled performance = required();
        if (operatorsWord != OperatorsWord.CLOSED) {
            apply(new SaleClosed(performance.performanceId(), by, now));
        }
    }

    /** Once and for all; a repeat gets the first fact. */
    PerformanceCalledOff callOff(CallOffPerformance command, Instant now) {
        PerformanceScheduled performance = required();
        if (calledOff != null) {
            return calledOff;
        }
        RefusedException.require(
                Texts.isText(command.reason(), OperatorAction.REASON_LENGTH_MAX),
                RefusalCode.INVALID_REQUEST,
                "A show is called off with a reason of 1 to " + OperatorAction.REASON_LENGTH_MAX + " characters");
        PerformanceCalledOff fact =
                new PerformanceCalledOff(performance.performanceId(), command.operator(), command.reason(), now);
        apply(fact);
        return fact;
    }

    public boolean isCalledOff() {
        return calledOff != null;
    }

    /**
     * @throws RefusedException with {@code PERFORMANCE_CALLED_OFF}
     */
    public void requireNotCalledOff() {
        if (calledOff != null) {
            throw new RefusedException(
                    RefusalCode.PERFORMANCE_CALLED_OFF, "The show was called off at " + calledOff.at());
        }
    }

    /**
     * @throws RefusedException with {@code PERFORMANCE_STATE_CONFLICT}
     */
    public void requireCalledOff() {
        RefusedException.require(
                calledOff != null, RefusalCode.PERFORMANCE_STATE_CONFLICT, "The show was not called off");
    }

    /**
     * @throws RefusedException with {@code PERFORMANCE_CALLED_OFF}, {@code SALE_NOT_OPEN} or {@code SALE_CLOSED}
     */
    public void requireOnSale(Instant now) {
        PerformanceScheduled performance = required();
        requireNotCalledOff();
        if (operatorsWord == OperatorsWord.CLOSED || !now.isBefore(performance.holdableUntil())) {
            throw new RefusedException(RefusalCode.SALE_CLOSED, "The sale is closed");
        }
        if (operatorsWord == OperatorsWord.NONE && now.isBefore(performance.saleOpensAt())) {
            throw new RefusedException(RefusalCode.SALE_NOT_OPEN, "The sale opens at " + performance.saleOpensAt());
        }
    }

    /** When a hold that begins now ends. */
    public Instant heldUntil(Instant now) {
        PerformanceScheduled performance = required();
        Instant sellingEnd = performance.latestInstants().sellingEndsAt();
        Instant heldUntil = now.plus(performance.holdDuration());
        return heldUntil.isBefore(sellingEnd) ? heldUntil : sellingEnd;
    }

    /**
     * @throws RefusedException with {@code CANCELLATION_CLOSED}
     */
    public void requireCancellable(Instant now) {
        Instant cancellableUntil = requiredTerms().cancellableUntil();
        if (!now.isBefore(cancellableUntil)) {
            throw new RefusedException(
                    RefusalCode.CANCELLATION_CLOSED, "Bookings could be cancelled until " + cancellableUntil);
        }
    }

    /**
     * The price of a seat for a hold that is made now.
     *
     * @throws RefusedException with {@code UNKNOWN_SEAT} or {@code SEAT_NOT_FOR_SALE}
     */
    public PriceZone priceOf(SeatLabel seat, Instant now) {
        String category = categoryBySeat.get(seat);
        if (category == null) {
            throw isInPlan(seat)
                    ? new RefusedException(RefusalCode.SEAT_NOT_FOR_SALE, "Seat " + seat + " is not for sale")
                    : new RefusedException(RefusalCode.UNKNOWN_SEAT, "The seating plan has no seat " + seat);
        }
        return requiredTerms().prices().at(now).stream()
                .filter(price -> price.category().equals(category))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Category " + category + " has no price"));
    }

    /** Whether the seat is in the plan and its category has a price. */
    public boolean isForSale(SeatLabel seat) {
        return categoryBySeat.containsKey(seat);
    }

    private boolean isInPlan(SeatLabel label) {
        return required().seatingPlan().seats().anyMatch(seat -> seat.label().equals(label));
    }

    /**
     * The terms now, as if the performance had been scheduled so. Its prices are the first ones; see {@link #priceOf}.
     *
     * @throws RefusedException with {@code PERFORMANCE_NOT_FOUND} if it was never scheduled
     */
    public PerformanceScheduled required() {
        return requiredTerms().current();
    }

    PerformanceTerms requiredTerms() {
        if (terms == null) {
            throw new RefusedException(RefusalCode.PERFORMANCE_NOT_FOUND, "There is no such performance");
        }
        return terms;
    }

    @Override
    public long memoryBytes() {
        return memoryBytes;
    }

    @EventSourcingHandler
    void on(PerformanceEvent event) {
        id = event.performanceId().toString();
        switch (event) {
            case PerformanceScheduled fact -> {
                scheduled = fact;
                terms = PerformanceTerms.of(fact);
                categoryBySeat = categoryBySeat(fact.seatingPlan(), fact.priceZones());
                memoryBytes = fact.seatingPlan()
                        .seats()
                        .mapToLong(
                                seat -> SEAT_BYTES + 2L * seat.label().value().length())
                        .sum();
            }
            case SaleOpened fact -> operatorsWord = OperatorsWord.OPENED;
            case SaleClosed fact -> operatorsWord = OperatorsWord.CLOSED;
            case PricesChanged fact -> changed(fact, fact);
            case LimitChanged fact -> changed(fact, fact);
            case HoldDurationChanged fact -> changed(fact, fact);
            case SaleWindowChanged fact -> changed(fact, fact);
            case PerformancePostponed fact -> changed(fact, fact);
            case PerformanceRenamed fact -> changed(fact, fact);
            case SeatsBlocked fact -> {
                // Each seat knows it by a fact of its own.
            }
            case SeatsUnblocked fact -> {
                // As above.
            }
            case PerformanceCalledOff fact -> calledOff = fact;
        }
    }

    private void changed(PerformanceEvent event, OperatorFact fact) {
        terms = requiredTerms().after(event);
        changes.add(terms.revision(), fact);
    }

    static PerformanceScheduled decideSchedule(SchedulePerformance command, Instant now) {
        TermRules.requireTitle(command.title());
        TermRules.requireLimit(command.maxSeatsPerBuyer());
        TermRules.requireHoldDuration(command.holdDuration());
        LatestInstants latest = command.latestInstants();
        TermRules.requireWindow(command.saleOpensAt(), command.saleClosesAt(), latest);
        RefusedException.require(
                now.isBefore(command.saleClosesAt()) && now.isBefore(latest.holdingEndsAt()),
                RefusalCode.INVALID_WINDOW,
                "The sale window is already over, or the show has begun and no later holdingEndsAt or sellingEndsAt is given");
        return fact(command, now);
    }

    private static PerformanceScheduled fact(SchedulePerformance command, Instant scheduledAt) {
        LatestInstants latest = command.latestInstants();
        SeatingPlan plan = priced(command.seatingPlan(), command.priceZones());
        return new PerformanceScheduled(
                command.performanceId(),
                command.title(),
                command.startsAt(),
                plan,
                command.priceZones(),
                command.saleOpensAt(),
                command.saleClosesAt(),
                command.maxSeatsPerBuyer(),
                command.holdDuration(),
                command.waitingRoom(),
                scheduledAt,
                latest.holdingEndsAt(),
                latest.sellingEndsAt(),
                latest.cancellableUntil());
    }

    private static void requireFits(PerformanceScheduled fact) {
        byte[] json = EventJson.mapper().writeValueAsBytes(fact);
        RefusedException.require(
                RecordLimits.fits(json),
                RefusalCode.INVALID_SEATING_PLAN,
                "The plan is too large: as a fact it has " + json.length + " bytes of at most "
                        + RecordLimits.FACT_BYTES_MAX + "; shorten labels, numbers and positions");
    }

    /** The plan with the categories without a price marked as not for sale. */
    private static SeatingPlan priced(SeatingPlan plan, List<PriceZone> zones) {
        Set<String> categories = new HashSet<>();
        plan.categories().forEach(category -> categories.add(category.name()));
        Set<String> priced = new HashSet<>();
        for (PriceZone zone : zones) {
            RefusedException.require(
                    categories.contains(zone.category()),
                    RefusalCode.UNKNOWN_PRICE_ZONE,
                    "The plan has no category " + zone.category());
            RefusedException.require(
                    priced.add(zone.category()),
                    RefusalCode.UNKNOWN_PRICE_ZONE,
                    "Category " + zone.category() + " has two prices");
            RefusedException.require(
                    zone.price().currency().equals(zones.getFirst().price().currency()),
                    RefusalCode.INVALID_REQUEST,
                    "All prices have one currency");
        }
        SeatingPlan offered = plan.offering(priced);
        RefusedException.require(
                offered.seats().anyMatch(offered::offers),
                RefusalCode.UNKNOWN_PRICE_ZONE,
                "No seat is in a category with a price");
        return offered;
    }

    private static Map<SeatLabel, String> categoryBySeat(SeatingPlan plan, List<PriceZone> zones) {
        Set<String> priced = new HashSet<>();
        zones.forEach(zone -> priced.add(zone.category()));
        Map<SeatLabel, String> bySeat = new HashMap<>();
        plan.seats().forEach(seat -> {
            String category = plan.categories().get(seat.category()).name();
            if (priced.contains(category)) {
                bySeat.put(seat.label(), category);
            }
        });
        return Map.copyOf(bySeat);
    }

    /** An event without latest instants equals one with their defaults. */
    private static boolean sameContent(PerformanceScheduled earlier, PerformanceScheduled repeat) {
        LatestInstants latest = earlier.latestInstants();
        return repeat.equals(new PerformanceScheduled(
                earlier.performanceId(),
                earlier.title(),
                earlier.startsAt(),
                earlier.seatingPlan(),
                earlier.priceZones(),
                earlier.saleOpensAt(),
                earlier.saleClosesAt(),
                earlier.maxSeatsPerBuyer(),
                earlier.holdDuration(),
                earlier.waitingRoom(),
                earlier.scheduledAt(),
                latest.holdingEndsAt(),
                latest.sellingEndsAt(),
                latest.cancellableUntil()));
    }
}
