package dev.onsale.query.performance;

import dev.onsale.api.Money;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.performance.HoldDurationChanged;
import dev.onsale.api.performance.LatestInstants;
import dev.onsale.api.performance.LimitChanged;
import dev.onsale.api.performance.PerformanceCalledOff;
import dev.onsale.api.performance.PerformanceEvent;
import dev.onsale.api.performance.PerformancePostponed;
import dev.onsale.api.performance.PerformanceRenamed;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.api.performance.PriceSchedule;
import dev.onsale.api.performance.PriceZone;
import dev.onsale.api.performance.PricesChanged;
import dev.onsale.api.performance.SaleClosed;
import dev.onsale.api.performance.SaleOpened;
import dev.onsale.api.performance.SaleWindowChanged;
import dev.onsale.api.performance.SeatsBlocked;
import dev.onsale.api.performance.SeatsUnblocked;
import dev.onsale.api.view.PerformanceView;
import dev.onsale.api.view.SaleState;
import dev.onsale.api.view.SeatCounts;
import dev.onsale.query.column.JsonText;
import dev.onsale.query.readmodel.Fact;
import dev.onsale.query.readmodel.VersionedRow;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** One performance without its plan. */
@Entity
@Immutable
@Table(name = "performance_view")
class PerformanceRow extends VersionedRow {

    @Id
    private String performanceId;

    private String title;

    private String hall;

    private Instant startsAt;

    private Instant saleOpensAt;
    private Instant saleClosesAt;

    private Instant holdingEndsAt;

    private Instant sellingEndsAt;

    private Instant cancellableUntil;

    private boolean openedByOperator;

    private boolean closedByOperator;

    private @Nullable Instant calledOffAt;

    private int maxSeatsPerBuyer;
    private Duration holdDuration;
    private boolean waitingRoom;

    @SuppressWarnings("UnusedVariable") // Written by the declaration of the table.
    @Convert(converter = PriceZonesJson.class)
    private List<PriceZone> priceZones;

    @Convert(converter = PriceChangesJson.class)
    private PriceSchedule priceChanges;

    private @Nullable Instant giveBackUntil;

    private int revision;

    private long firstPosition;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields.
    protected PerformanceRow() {}

    PerformanceRow(Fact<? extends PerformanceEvent> fact, PerformanceScheduled event) {
        performanceId = event.performanceId().toString();
        title = event.title();
        hall = event.seatingPlan().name();
        startsAt = event.startsAt();
        saleOpensAt = event.saleOpensAt();
        saleClosesAt = event.saleClosesAt();
        LatestInstants latest = event.latestInstants();
        holdingEndsAt = latest.holdingEndsAt();
        sellingEndsAt = latest.sellingEndsAt();
        cancellableUntil = latest.cancellableUntil();
        maxSeatsPerBuyer = event.maxSeatsPerBuyer();
        holdDuration = event.holdDuration();
        waitingRoom = event.waitingRoom();
        priceZones = event.priceZones();
        priceChanges = PriceSchedule.of(event);
        firstPosition = fact.position();
    }

    void become(PerformanceEvent event) {
        switch (event) {
            case PerformanceScheduled scheduled -> {}
            case SaleOpened opened -> {
                openedByOperator = true;
                closedByOperator = false;
            }
            case SaleClosed closed -> closedByOperator = true;
            case PricesChanged change -> {
                priceChanges = priceChanges.with(change);
                revision++;
            }
            case LimitChanged change -> {
                maxSeatsPerBuyer = change.maxSeatsPerBuyer();
                revision++;
            }
            case HoldDurationChanged change -> {
                holdDuration = change.holdDuration();
                revision++;
            }
            case SaleWindowChanged change -> become(change);
            case PerformancePostponed change -> become(change);
            case PerformanceRenamed change -> {
                title = change.title();
                revision++;
            }
            case SeatsBlocked blocked -> {}
            case SeatsUnblocked unblocked -> {}
            case PerformanceCalledOff off -> calledOffAt = off.at();
        }
    }

    private void become(SaleWindowChanged change) {
        saleOpensAt = change.saleOpensAt();
        saleClosesAt = change.saleClosesAt();
        latest(change.holdingEndsAt(), change.sellingEndsAt(), change.cancellableUntil());
    }

    private void become(PerformancePostponed change) {
        startsAt = change.startsAt();
        giveBackUntil = change.giveBackUntil() == null ? giveBackUntil : change.giveBackUntil();
        latest(change.holdingEndsAt(), change.sellingEndsAt(), change.cancellableUntil());
    }

    private void latest(Instant holdingEnd, Instant sellingEnd, Instant cancellationEnd) {
        holdingEndsAt = holdingEnd;
        sellingEndsAt = sellingEnd;
        cancellableUntil = cancellationEnd;
        revision++;
    }

    /** Differs whenever the view does, and begins with the revision. */
    String entityTag(SeatCounts seats, Instant now) {
        int changesInForce =
                priceChanges.changes().size() - priceChanges.after(now).size();
        return "\"" + revision + "-" + saleAt(now) + "-" + changesInForce + "-" + seats.available() + "-" + seats.held()
                + "-" + seats.booked() + "-" + seats.blocked() + "\"";
    }

    private SaleState saleAt(Instant now) {
        if (calledOffAt != null) {
            return SaleState.CALLED_OFF;
        }
        if (closedByOperator || !now.isBefore(saleClosesAt) || !now.isBefore(holdingEndsAt)) {
            return SaleState.CLOSED;
        }
        return openedByOperator || !now.isBefore(saleOpensAt) ? SaleState.OPEN : SaleState.NOT_OPEN;
    }

    PerformanceView view(SeatCounts seats, Instant now) {
        Map<String, Money> prices = new LinkedHashMap<>();
        priceChanges.at(now).forEach(zone -> prices.put(zone.category(), zone.price()));
        return new PerformanceView(
                PerformanceId.of(performanceId),
                title,
                hall,
                startsAt,
                saleAt(now),
                saleOpensAt,
                saleClosesAt,
                holdingEndsAt,
                sellingEndsAt,
                giveBackUntil != null && giveBackUntil.isAfter(cancellableUntil) ? giveBackUntil : cancellableUntil,
                maxSeatsPerBuyer,
                holdDuration,
                waitingRoom,
                prices,
                seats,
                giveBackUntil,
                revision);
    }

    String performanceId() {
        return performanceId;
    }

    long firstPosition() {
        return firstPosition;
    }

    static final class PriceChangesJson extends JsonText<PriceSchedule> {
        PriceChangesJson() {
            super(new TypeReference<>() {});
        }
    }

    static final class PriceZonesJson extends JsonText<List<PriceZone>> {
        PriceZonesJson() {
            super(new TypeReference<>() {});
        }
    }
}
