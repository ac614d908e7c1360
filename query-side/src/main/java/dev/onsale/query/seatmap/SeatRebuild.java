package dev.onsale.query.seatmap;

import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.api.seat.SeatEvent;
import dev.onsale.api.view.SeatState;
import dev.onsale.query.consumption.ConsumptionOutcomes;
import dev.onsale.query.consumption.Fact;
import dev.onsale.query.consumption.FactOutOfPlaceException;
import dev.onsale.query.consumption.Facts;
import dev.onsale.query.consumption.GuardedUpsert;
import dev.onsale.query.rebuild.Rebuildable;
import dev.onsale.query.rebuild.RowSink;
import dev.onsale.query.rebuild.RowStore;
import dev.onsale.query.rebuild.ShadowTables;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** The rows that seat maps are made of. The maps in Redis follow by their key, which names the generation. */
@Component
class SeatRebuild implements Rebuildable {

    static final String NAME = "seat-map";

    private static final String SEATS = "seat_view";
    private static final String MAPS = "seat_map_view";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<ReadTable> tables() {
        return List.of(
                new ReadTable(
                        SEATS, List.of("performance_id", "seat"), "log_position", List.of("state", "reservation_id")),
                new ReadTable(
                        MAPS, List.of("performance_id"), "version", List.of("seats", "held", "booked", "blocked")));
    }

    @Override
    public List<Class<? extends OnsaleEvent>> facts() {
        return List.of(PerformanceScheduled.class, SeatEvent.class);
    }

    @Override
    public Folding begin(ShadowTables beside, boolean fromNothing) {
        return new SeatFolding(beside, fromNothing);
    }

    private static final class SeatFolding implements Folding {

        private static final Comparator<SeatRow> IN_ORDER_OF_THE_KEY = Comparator.comparing(
                        (SeatRow row) -> row.key().performanceId())
                .thenComparing(row -> row.key().seat());

        private final RowStore<SeatKey, SeatRow> seats;
        private final RowStore<String, SeatMapRow> maps;
        private final GuardedUpsert<SeatRow> seatUpsert;
        private final GuardedUpsert<SeatMapRow> mapUpsert;

        SeatFolding(ShadowTables beside, boolean fromNothing) {
            seats = new RowStore<>(fromNothing, keys -> seats(beside, keys));
            maps = new RowStore<>(
                    fromNothing,
                    ids -> beside.rows(MAPS, SeatMapRow.class, "performance_id IN (:ids)", Map.of("ids", ids)).stream()
                            .collect(Collectors.toMap(SeatMapRow::performanceId, Function.identity())));
            seatUpsert = SeatProjection.SEATS.into(beside.table(SEATS));
            mapUpsert = SeatProjection.MAPS.into(beside.table(MAPS));
        }

        private static Map<SeatKey, SeatRow> seats(ShadowTables beside, Collection<SeatKey> keys) {
            Set<String> performances = new HashSet<>();
            Set<String> labels = new HashSet<>();
            keys.forEach(key -> {
                performances.add(key.performanceId());
                labels.add(key.seat());
            });
            Set<SeatKey> wanted = new HashSet<>(keys);
            Map<SeatKey, SeatRow> found = new HashMap<>();
            beside
                    .rows(
                            SEATS,
                            SeatRow.class,
                            "performance_id IN (:performances) AND seat IN (:seats)",
                            Map.of("performances", performances, "seats", labels))
                    .stream()
                    .filter(row -> wanted.contains(row.key()))
                    .forEach(row -> found.put(row.key(), row));
            return found;
        }

        @Override
        public void take(Facts facts) {
            List<Fact<SeatEvent>> batch = facts.of(SeatEvent.class);
            for (Fact<PerformanceScheduled> fact : facts.of(PerformanceScheduled.class)) {
                String id = fact.event().performanceId().toString();
                maps.fetch(() -> List.of(id));
                maps.rows().computeIfAbsent(id, unknown -> {
                    SeatMapRow row = new SeatMapRow(id, fact.event().seatingPlan());
                    maps.changed().put(id, row);
                    return row;
                });
            }
            maps.fetch(() -> batch.stream()
                    .map(fact -> fact.event().seatId().performanceId().toString())
                    .collect(Collectors.toSet()));
            seats.fetch(() -> batch.stream()
                    .map(fact -> SeatKey.of(fact.event().seatId()))
                    .collect(Collectors.toSet()));
            ConsumptionOutcomes outcomes = new ConsumptionOutcomes();
            batch.forEach(fact -> take(fact, outcomes));
        }

        private void take(Fact<SeatEvent> fact, ConsumptionOutcomes outcomes) {
            SeatKey key = SeatKey.of(fact.event().seatId());
            SeatMapRow map = maps.rows().get(key.performanceId());
            if (map == null) {
                throw new FactOutOfPlaceException(fact, "performance");
            }
            SeatRow row = seats.rows().computeIfAbsent(key, SeatRow::new);
            if (row.takes(fact, outcomes)) {
                SeatState before = row.state();
                row.become(fact.event());
                map.move(before, row.state(), fact.position());
                seats.changed().put(key, row);
                maps.changed().put(key.performanceId(), map);
            }
        }

        @Override
        public int pending() {
            return seats.changed().size();
        }

        @Override
        public void flush(RowSink sink) {
            // In the order of the primary key the database fills one page after the other.
            seats.flush(changed -> sink.write(
                    seatUpsert, changed.stream().sorted(IN_ORDER_OF_THE_KEY).toList()));
            maps.flush(changed -> sink.write(mapUpsert, changed));
        }
    }
}
