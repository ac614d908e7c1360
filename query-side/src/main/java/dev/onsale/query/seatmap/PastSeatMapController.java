package dev.onsale.query.seatmap;

import dev.onsale.api.EventCatalogue;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.api.performance.SeatingPlan;
import dev.onsale.api.seat.SeatBlocked;
import dev.onsale.api.seat.SeatBooked;
import dev.onsale.api.seat.SeatHeld;
import dev.onsale.api.view.LabelledSeatMapView;
import dev.onsale.api.view.SeatCounts;
import dev.onsale.api.view.SeatState;
import dev.onsale.eventlog.StoredEvent;
import dev.onsale.query.past.HistoricalLog;
import dev.onsale.query.past.LogMoment;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Folds the store itself: what the read models said then does not matter. */
@RestController
@Tag(name = "Audit")
class PastSeatMapController {

    private static final String HELD = EventCatalogue.typeOf(SeatHeld.class).value();
    private static final String BLOCKED =
            EventCatalogue.typeOf(SeatBlocked.class).value();
    private static final String BOOKED = EventCatalogue.typeOf(SeatBooked.class).value();

    private final HistoricalLog log;

    PastSeatMapController(HistoricalLog log) {
        this.log = log;
    }

    @GetMapping("/api/audit/performances/{performanceId}/seat-map")
    @Operation(
            summary = "The seat map at a past position or instant",
            description = "As of a position of the log (position), or of what was written down by an instant (asOf).")
    LabelledSeatMapView seatMap(
            @PathVariable PerformanceId performanceId,
            @RequestParam(required = false) @Nullable Long position,
            @RequestParam(required = false) @Nullable Instant asOf) {
        LogMoment moment = log.moment(position, asOf);
        Map<String, SeatState> seats = seats(performanceId, moment);
        AtomicLong version = new AtomicLong();
        log.ofAggregatesWithPrefix(performanceId + ":", moment, event -> {
            String label =
                    event.aggregateId().substring(performanceId.toString().length() + 1);
            if (event.aggregateType().equals("Seat") && seats.replace(label, stateAfter(event)) != null) {
                version.accumulateAndGet(event.position(), Math::max);
            }
        });
        return new LabelledSeatMapView(performanceId, version.get(), counts(seats), seats);
    }

    private Map<String, SeatState> seats(PerformanceId performanceId, LogMoment moment) {
        SeatingPlan plan = log.ofAggregate(performanceId.toString(), "Performance", moment).stream()
                .findFirst()
                .map(event -> log.fact(event, PerformanceScheduled.class).seatingPlan())
                .orElseThrow(() -> new RefusedException(
                        RefusalCode.PERFORMANCE_NOT_FOUND, "There was no performance " + performanceId + " then"));
        Map<String, SeatState> seats = new LinkedHashMap<>();
        plan.seats()
                .forEach(seat -> seats.put(
                        seat.label().toString(), plan.offers(seat) ? SeatState.AVAILABLE : SeatState.BLOCKED));
        return seats;
    }

    private static SeatState stateAfter(StoredEvent event) {
        if (event.type().equals(HELD)) {
            return SeatState.HELD;
        }
        if (event.type().equals(BLOCKED)) {
            return SeatState.BLOCKED;
        }
        return event.type().equals(BOOKED) ? SeatState.BOOKED : SeatState.AVAILABLE;
    }

    private static SeatCounts counts(Map<String, SeatState> seats) {
        int held = 0;
        int booked = 0;
        int blocked = 0;
        for (SeatState state : seats.values()) {
            held += state == SeatState.HELD ? 1 : 0;
            booked += state == SeatState.BOOKED ? 1 : 0;
            blocked += state == SeatState.BLOCKED ? 1 : 0;
        }
        return new SeatCounts(seats.size(), seats.size() - held - booked - blocked, held, booked, blocked);
    }
}
