package dev.onsale.query.seatmap;

import dev.onsale.api.PerformanceId;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.api.seat.SeatEvent;
import dev.onsale.api.view.SeatState;
import dev.onsale.query.consumption.ConsumptionOutcomes;
import dev.onsale.query.consumption.Fact;
import dev.onsale.query.consumption.FactOutOfPlaceException;
import dev.onsale.query.consumption.Facts;
import dev.onsale.query.consumption.GuardedUpsert;
import dev.onsale.query.consumption.Projection;
import dev.onsale.query.hall.Halls;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Folds the facts of seats into rows and, once those are committed, into the value in Redis. */
@Component
class SeatProjection implements Projection {

    static final GuardedUpsert<SeatRow> SEATS = new GuardedUpsert<>(
            "seat_view",
            "log_position",
            List.of("performance_id", "seat", "state", "reservation_id", "aggregate_sequence"),
            row -> new Object[] {
                row.key().performanceId(),
                row.key().seat(),
                row.state().name(),
                row.reservationId(),
                row.sequence(),
                row.position()
            });

    static final GuardedUpsert<SeatMapRow> MAPS = new GuardedUpsert<>(
            "seat_map_view",
            "facts",
            List.of("performance_id", "seats", "held", "booked", "blocked", "version"),
            row -> new Object[] {
                row.performanceId(),
                row.seats(),
                row.held(),
                row.booked(),
                row.blocked(),
                row.edition().version(),
                row.edition().facts()
            });

    private final JdbcOperations jdbc;
    private final SeatRepository seats;
    private final SeatMapRepository maps;
    private final Halls halls;
    private final SeatMapPublisher publisher;

    SeatProjection(
            JdbcOperations jdbc,
            SeatRepository seats,
            SeatMapRepository maps,
            Halls halls,
            SeatMapPublisher publisher) {
        this.jdbc = jdbc;
        this.seats = seats;
        this.maps = maps;
        this.halls = halls;
        this.publisher = publisher;
    }

    @Override
    public void apply(Facts facts, ConsumptionOutcomes outcomes) {
        // 50,000 seats are one row: a seat gets its own with its first fact.
        MAPS.write(
                jdbc,
                facts.of(PerformanceScheduled.class).stream()
                        .map(Fact::event)
                        .map(event -> new SeatMapRow(event.performanceId().toString(), event.seatingPlan()))
                        .toList());
        List<Fact<SeatEvent>> seatFacts = facts.of(SeatEvent.class);
        if (!seatFacts.isEmpty()) {
            fold(seatFacts, outcomes);
        }
    }

    private void fold(List<Fact<SeatEvent>> facts, ConsumptionOutcomes outcomes) {
        Map<PerformanceId, Fold> folds = folds(facts);
        Map<SeatKey, SeatRow> rows = rows(facts);
        Map<SeatKey, SeatRow> changed = new LinkedHashMap<>();
        for (Fact<SeatEvent> fact : facts) {
            Fold fold = folds.get(fact.event().seatId().performanceId());
            if (fold == null) {
                throw new FactOutOfPlaceException(fact, "performance");
            }
            SeatKey key = SeatKey.of(fact.event().seatId());
            SeatRow row = rows.computeIfAbsent(key, SeatRow::new);
            int index = indexOf(fact);
            if (row.takes(fact, outcomes)) {
                SeatState before = row.state();
                row.become(fact.event());
                fold.move(index, before, row.state(), fact.position());
                changed.put(key, row);
            }
        }
        SEATS.write(jdbc, changed.values());
        MAPS.write(
                jdbc,
                folds.values().stream().filter(Fold::changed).map(Fold::row).toList());
        publishAfterCommit(folds.values().stream().map(Fold::change).toList());
    }

    private int indexOf(Fact<SeatEvent> fact) {
        Integer index = halls.of(fact.event().seatId().performanceId())
                .map(hall -> hall.indexOf(fact.event().seatId().seat()))
                .orElse(null);
        if (index == null) {
            throw new FactOutOfPlaceException(fact, "seat in the plan");
        }
        return index;
    }

    private Map<PerformanceId, Fold> folds(List<Fact<SeatEvent>> facts) {
        Set<String> performances = facts.stream()
                .map(fact -> fact.event().seatId().performanceId().toString())
                .collect(Collectors.toSet());
        Map<PerformanceId, Fold> folds = new LinkedHashMap<>();
        maps.findAllById(performances).forEach(row -> folds.put(PerformanceId.of(row.performanceId()), new Fold(row)));
        return folds;
    }

    private Map<SeatKey, SeatRow> rows(List<Fact<SeatEvent>> facts) {
        Set<String> performances = facts.stream()
                .map(fact -> fact.event().seatId().performanceId().toString())
                .collect(Collectors.toSet());
        Set<String> labels = facts.stream()
                .map(fact -> fact.event().seatId().seat().toString())
                .collect(Collectors.toSet());
        return seats.findIn(performances, labels).stream().collect(Collectors.toMap(SeatRow::key, Function.identity()));
    }

    private void publishAfterCommit(List<SeatMapChange> changes) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                publisher.publish(changes);
            }
        });
    }

    /** One performance's part of a batch. */
    private static final class Fold {

        private final SeatMapRow row;
        private final SeatMapVersion before;
        private final Map<Integer, SeatState> seats = new LinkedHashMap<>();

        Fold(SeatMapRow row) {
            this.row = row;
            this.before = row.edition();
        }

        void move(int index, SeatState from, SeatState to, long position) {
            row.move(from, to, position);
            seats.put(index, to);
        }

        boolean changed() {
            return !seats.isEmpty();
        }

        SeatMapRow row() {
            return row;
        }

        SeatMapChange change() {
            return new SeatMapChange(PerformanceId.of(row.performanceId()), before, row.edition(), seats);
        }
    }
}
