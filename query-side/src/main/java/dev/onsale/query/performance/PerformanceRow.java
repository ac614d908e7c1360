package dev.onsale.query.performance;

import dev.onsale.api.Money;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.performance.LatestInstants;
import dev.onsale.api.performance.PerformanceEvent;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.api.performance.PriceZone;
import dev.onsale.api.performance.SaleClosed;
import dev.onsale.api.performance.SaleOpened;
import dev.onsale.api.view.PerformanceView;
import dev.onsale.api.view.SaleState;
import dev.onsale.api.view.SeatCounts;
import dev.onsale.query.column.DurationText;
import dev.onsale.query.column.InstantText;
import dev.onsale.query.consumption.Fact;
import dev.onsale.query.consumption.GuardedUpsert;
import dev.onsale.query.consumption.VersionedRow;
import jakarta.persistence.Column;
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

/** One performance without its plan. */
@Entity
@Immutable
@Table(name = "performance_view")
class PerformanceRow extends VersionedRow {

    static final GuardedUpsert<PerformanceRow> UPSERT = new GuardedUpsert<>(
            "performance_view",
            "log_position",
            List.of(
                    "performance_id",
                    "title",
                    "hall",
                    "starts_at",
                    "sale_opens_at",
                    "sale_closes_at",
                    "holding_ends_at",
                    "selling_ends_at",
                    "cancellable_until",
                    "opened_by_operator",
                    "closed_by_operator",
                    "max_seats_per_buyer",
                    "hold_duration",
                    "waiting_room",
                    "price_zones",
                    "first_position",
                    "aggregate_sequence"),
            PerformanceRow::values);

    private static final InstantText INSTANT = new InstantText();

    @Id
    @Column(name = "performance_id")
    private String performanceId;

    @Column(name = "title")
    private String title;

    @Column(name = "hall")
    private String hall;

    @Column(name = "starts_at")
    @Convert(converter = InstantText.class)
    private Instant startsAt;

    @Column(name = "sale_opens_at")
    @Convert(converter = InstantText.class)
    private Instant saleOpensAt;

    @Column(name = "sale_closes_at")
    @Convert(converter = InstantText.class)
    private Instant saleClosesAt;

    @Column(name = "holding_ends_at")
    @Convert(converter = InstantText.class)
    private Instant holdingEndsAt;

    @Column(name = "selling_ends_at")
    @Convert(converter = InstantText.class)
    private Instant sellingEndsAt;

    @Column(name = "cancellable_until")
    @Convert(converter = InstantText.class)
    private Instant cancellableUntil;

    @Column(name = "opened_by_operator")
    private boolean openedByOperator;

    @Column(name = "closed_by_operator")
    private boolean closedByOperator;

    @Column(name = "max_seats_per_buyer")
    private int maxSeatsPerBuyer;

    @Column(name = "hold_duration")
    @Convert(converter = DurationText.class)
    private Duration holdDuration;

    @Column(name = "waiting_room")
    private boolean waitingRoom;

    @Column(name = "price_zones")
    @Convert(converter = PriceZonesJson.class)
    private List<PriceZone> priceZones;

    @Column(name = "first_position")
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
        }
    }

    private SaleState saleAt(Instant now) {
        if (closedByOperator || !now.isBefore(saleClosesAt) || !now.isBefore(holdingEndsAt)) {
            return SaleState.CLOSED;
        }
        return openedByOperator || !now.isBefore(saleOpensAt) ? SaleState.OPEN : SaleState.NOT_OPEN;
    }

    PerformanceView view(SeatCounts seats, Instant now) {
        Map<String, Money> prices = new LinkedHashMap<>();
        priceZones.forEach(zone -> prices.put(zone.category(), zone.price()));
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
                cancellableUntil,
                maxSeatsPerBuyer,
                holdDuration,
                waitingRoom,
                prices,
                seats);
    }

    String performanceId() {
        return performanceId;
    }

    long firstPosition() {
        return firstPosition;
    }

    private Object[] values() {
        return new Object[] {
            performanceId,
            title,
            hall,
            INSTANT.convertToDatabaseColumn(startsAt),
            INSTANT.convertToDatabaseColumn(saleOpensAt),
            INSTANT.convertToDatabaseColumn(saleClosesAt),
            INSTANT.convertToDatabaseColumn(holdingEndsAt),
            INSTANT.convertToDatabaseColumn(sellingEndsAt),
            INSTANT.convertToDatabaseColumn(cancellableUntil),
            openedByOperator,
            closedByOperator,
            maxSeatsPerBuyer,
            new DurationText().convertToDatabaseColumn(holdDuration),
            waitingRoom,
            new PriceZonesJson().convertToDatabaseColumn(priceZones),
            firstPosition,
            sequence(),
            position()
        };
    }
}
