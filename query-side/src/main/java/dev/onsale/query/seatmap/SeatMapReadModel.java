package dev.onsale.query.seatmap;

import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.api.seat.SeatEvent;
import dev.onsale.api.view.SeatState;
import dev.onsale.query.hall.Halls;
import dev.onsale.query.readmodel.Fact;
import dev.onsale.query.readmodel.FactOutOfPlaceException;
import dev.onsale.query.readmodel.Keys;
import dev.onsale.query.readmodel.ReadModel;
import dev.onsale.query.readmodel.ReadModelName;
import dev.onsale.query.readmodel.Rows;
import dev.onsale.query.readmodel.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The rows that seat maps are made of. 50,000 seats are one row: a seat gets its own with its first fact. The maps in Redis
 * are told once the rows are committed; after a rebuild they follow by their key, which names the generation.
 */
@Component
class SeatMapReadModel extends ReadModel<OnsaleEvent> {

    private static final Table<SeatKey, SeatRow> SEATS = Table.of(
                    SeatRow.class, SeatRow::key, SeatKey::performanceId, SeatKey::seat)
            .writtenInOrderOf(Comparator.comparing((SeatRow row) -> row.key().performanceId())
                    .thenComparing(row -> row.key().seat()));
    private static final Table<String, SeatMapRow> MAPS = Table.of(SeatMapRow.class, SeatMapRow::performanceId)
            .guardedBy("facts")
            .positionedBy("version");

    private final Halls halls;
    private final SeatMapPublisher publisher;

    SeatMapReadModel(Halls halls, SeatMapPublisher publisher) {
        super(ReadModelName.SEAT_MAP, List.of(PerformanceScheduled.class, SeatEvent.class), SEATS, MAPS);
        this.halls = halls;
        this.publisher = publisher;
    }

    @Override
    protected void keys(OnsaleEvent event, Keys keys) {
        if (event instanceof SeatEvent seatEvent) {
            SeatKey seat = SeatKey.of(seatEvent.seatId());
            keys.add(SEATS, seat);
            keys.add(MAPS, seat.performanceId());
        } else if (event instanceof PerformanceScheduled scheduled) {
            keys.addCreated(MAPS, scheduled.performanceId().toString());
        }
    }

    @Override
    protected void fold(Fact<OnsaleEvent> fact, Rows rows) {
        if (fact.event() instanceof PerformanceScheduled scheduled) {
            String id = scheduled.performanceId().toString();
            if (rows.find(MAPS, id) == null) {
                SeatMapRow map = new SeatMapRow(id, scheduled.seatingPlan());
                rows.add(MAPS, id, map);
                rows.changed(MAPS, id, map);
            }
        } else if (fact.event() instanceof SeatEvent event) {
            fold(fact, event, rows);
        }
    }

    private static void fold(Fact<?> fact, SeatEvent event, Rows rows) {
        SeatKey key = SeatKey.of(event.seatId());
        SeatMapRow map = rows.find(MAPS, key.performanceId());
        if (map == null) {
            throw new FactOutOfPlaceException(fact, "performance");
        }
        SeatRow row = Objects.requireNonNull(rows.findOrAdd(SEATS, key, SeatRow::new));
        if (row.takes(fact, rows.outcomes())) {
            SeatState before = row.state();
            row.become(event);
            map.move(before, row.state(), fact.position());
            rows.changed(SEATS, key, row);
            rows.changed(MAPS, key.performanceId(), map);
        }
    }

    @Override
    protected void folded(List<Fact<OnsaleEvent>> batch, Rows rows) {
        Set<SeatRow> changed = Set.copyOf(rows.changed(SEATS));
        Map<PerformanceId, Map<Integer, SeatState>> seats = new LinkedHashMap<>();
        for (Fact<OnsaleEvent> fact : batch) {
            if (fact.event() instanceof SeatEvent event) {
                // Also without a change: Redis may not have been told of it when the batch came before.
                Map<Integer, SeatState> states =
                        seats.computeIfAbsent(event.seatId().performanceId(), id -> new LinkedHashMap<>());
                SeatRow row = Objects.requireNonNull(rows.find(SEATS, SeatKey.of(event.seatId())));
                if (changed.contains(row)) {
                    states.put(indexOf(fact, event), row.state());
                }
            }
        }
        List<SeatMapChange> changes = new ArrayList<>();
        seats.forEach((performance, states) -> changes.add(
                Objects.requireNonNull(rows.find(MAPS, performance.toString())).change(states)));
        publishAfterCommit(changes);
    }

    private int indexOf(Fact<?> fact, SeatEvent event) {
        Integer index = halls.of(event.seatId().performanceId())
                .map(hall -> hall.indexOf(event.seatId().seat()))
                .orElse(null);
        if (index == null) {
            throw new FactOutOfPlaceException(fact, "seat in the plan");
        }
        return index;
    }

    private void publishAfterCommit(List<SeatMapChange> changes) {
        if (!changes.isEmpty()) {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    publisher.publish(changes);
                }
            });
        }
    }
}
