package dev.onsale.api.performance;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The terms of a performance as they are after changes.
 *
 * @param current as if the performance had been scheduled so; its {@code priceZones} are the first prices
 * @param prices all prices, also those that begin later
 * @param giveBackUntil first instant at which buyers can no longer give tickets back because the show was postponed
 * @param revision number of changes so far
 */
public record PerformanceTerms(
        PerformanceScheduled current,
        PriceSchedule prices,
        @Nullable Instant giveBackUntil,
        int revision) {

    public static PerformanceTerms of(PerformanceScheduled scheduled) {
        return new PerformanceTerms(scheduled, PriceSchedule.of(scheduled), null, 0);
    }

    /** After one more fact. What is no change of terms changes nothing. */
    public PerformanceTerms after(PerformanceEvent event) {
        return switch (event) {
            case PerformanceScheduled scheduled -> of(scheduled);
            case PricesChanged change ->
                new PerformanceTerms(current, prices.with(change), giveBackUntil, revision + 1);
            case LimitChanged change -> changed(with(change.maxSeatsPerBuyer(), current.holdDuration()));
            case HoldDurationChanged change -> changed(with(current.maxSeatsPerBuyer(), change.holdDuration()));
            case SaleWindowChanged change -> changed(with(change));
            case PerformancePostponed change ->
                new PerformanceTerms(
                        with(change),
                        prices,
                        change.giveBackUntil() == null ? giveBackUntil : change.giveBackUntil(),
                        revision + 1);
            case PerformanceRenamed change -> changed(with(change.title()));
            case SaleOpened unused -> this;
            case SaleClosed unused -> this;
            case SeatsBlocked unused -> this;
            case PerformanceCalledOff unused -> this;
            case SeatsUnblocked unused -> this;
        };
    }

    /** First instant at which the buyer can no longer cancel a booking. */
    @JsonIgnore
    public Instant cancellableUntil() {
        Instant ordinary = current.latestInstants().cancellableUntil();
        return giveBackUntil != null && giveBackUntil.isAfter(ordinary) ? giveBackUntil : ordinary;
    }

    private PerformanceTerms changed(PerformanceScheduled next) {
        return new PerformanceTerms(next, prices, giveBackUntil, revision + 1);
    }

    private PerformanceScheduled with(String title) {
        return with(title, current.startsAt(), window(), latest(), current.maxSeatsPerBuyer(), current.holdDuration());
    }

    private PerformanceScheduled with(int maxSeatsPerBuyer, Duration holdDuration) {
        return with(current.title(), current.startsAt(), window(), latest(), maxSeatsPerBuyer, holdDuration);
    }

    private PerformanceScheduled with(SaleWindowChanged change) {
        return with(
                current.title(),
                current.startsAt(),
                new Window(change.saleOpensAt(), change.saleClosesAt()),
                new Latest(change.holdingEndsAt(), change.sellingEndsAt(), change.cancellableUntil()),
                current.maxSeatsPerBuyer(),
                current.holdDuration());
    }

    private PerformanceScheduled with(PerformancePostponed change) {
        return with(
                current.title(),
                change.startsAt(),
                window(),
                new Latest(change.holdingEndsAt(), change.sellingEndsAt(), change.cancellableUntil()),
                current.maxSeatsPerBuyer(),
                current.holdDuration());
    }

    private record Window(Instant opensAt, Instant closesAt) {}

    /** As stored: absent means the start of the show. */
    private record Latest(
            @Nullable Instant holdingEndsAt,
            @Nullable Instant sellingEndsAt,
            @Nullable Instant cancellableUntil) {}

    private Window window() {
        return new Window(current.saleOpensAt(), current.saleClosesAt());
    }

    private Latest latest() {
        return new Latest(current.holdingEndsAt(), current.sellingEndsAt(), current.cancellableUntil());
    }

    private PerformanceScheduled with(
            String title, Instant startsAt, Window window, Latest latest, int maxSeatsPerBuyer, Duration holdDuration) {
        return new PerformanceScheduled(
                current.performanceId(),
                title,
                startsAt,
                current.seatingPlan(),
                current.priceZones(),
                window.opensAt(),
                window.closesAt(),
                maxSeatsPerBuyer,
                holdDuration,
                current.waitingRoom(),
                current.scheduledAt(),
                latest.holdingEndsAt(),
                latest.sellingEndsAt(),
                latest.cancellableUntil());
    }
}
