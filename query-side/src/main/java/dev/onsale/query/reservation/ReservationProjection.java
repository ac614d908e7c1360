package dev.onsale.query.reservation;

import dev.onsale.api.reservation.ReservationEvent;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.query.consumption.ConsumptionOutcomes;
import dev.onsale.query.consumption.Fact;
import dev.onsale.query.consumption.FactOutOfPlaceException;
import dev.onsale.query.consumption.Facts;
import dev.onsale.query.consumption.Projection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.stereotype.Component;

/** Folds the facts of reservations into rows. */
@Component
class ReservationProjection implements Projection {

    private final JdbcOperations jdbc;
    private final ReservationRepository reservations;

    ReservationProjection(JdbcOperations jdbc, ReservationRepository reservations) {
        this.jdbc = jdbc;
        this.reservations = reservations;
    }

    @Override
    public void apply(Facts facts, ConsumptionOutcomes outcomes) {
        List<Fact<ReservationEvent>> batch = facts.of(ReservationEvent.class);
        if (batch.isEmpty()) {
            return;
        }
        Map<String, ReservationRow> changed = new LinkedHashMap<>();
        fold(batch, rows(batch), changed, outcomes);
        ReservationRow.UPSERT.write(jdbc, changed.values());
    }

    static void fold(
            List<Fact<ReservationEvent>> batch,
            Map<String, ReservationRow> rows,
            Map<String, ReservationRow> changed,
            ConsumptionOutcomes outcomes) {
        for (Fact<ReservationEvent> fact : batch) {
            String id = fact.event().reservationId().toString();
            if (fact.event() instanceof ReservationHeld held) {
                rows.computeIfAbsent(id, unknown -> new ReservationRow(held, fact.position()));
            }
            ReservationRow row = rows.get(id);
            if (row == null) {
                throw new FactOutOfPlaceException(fact, "reservation");
            }
            if (row.takes(fact, outcomes)) {
                row.become(fact.event());
                changed.put(id, row);
            }
        }
    }

    private Map<String, ReservationRow> rows(List<Fact<ReservationEvent>> batch) {
        Map<String, ReservationRow> rows = new HashMap<>();
        reservations
                .findAllById(batch.stream()
                        .map(fact -> fact.event().reservationId().toString())
                        .collect(Collectors.toSet()))
                .forEach(row -> rows.put(row.reservationId(), row));
        return rows;
    }
}
