package dev.onsale.query.reservation;

import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.reservation.ReservationEvent;
import dev.onsale.query.consumption.ConsumptionOutcomes;
import dev.onsale.query.consumption.Fact;
import dev.onsale.query.consumption.Facts;
import dev.onsale.query.consumption.GuardedUpsert;
import dev.onsale.query.rebuild.Rebuildable;
import dev.onsale.query.rebuild.RowSink;
import dev.onsale.query.rebuild.RowStore;
import dev.onsale.query.rebuild.ShadowTables;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

@Component
class ReservationRebuild implements Rebuildable {

    private static final String TABLE = "reservation_view";

    @Override
    public String name() {
        return "reservations";
    }

    @Override
    public List<ReadTable> tables() {
        return List.of(new ReadTable(
                TABLE,
                List.of("reservation_id"),
                "log_position",
                List.of(
                        "performance_id",
                        "buyer_id",
                        "status",
                        "seats",
                        "total_minor_units",
                        "payment_id",
                        "sealed_contact")));
    }

    @Override
    public List<Class<? extends OnsaleEvent>> facts() {
        return List.of(ReservationEvent.class);
    }

    @Override
    public Folding begin(ShadowTables beside, boolean fromNothing) {
        RowStore<String, ReservationRow> rows = new RowStore<>(
                fromNothing,
                ids -> beside.rows(TABLE, ReservationRow.class, "reservation_id IN (:ids)", Map.of("ids", ids)).stream()
                        .collect(Collectors.toMap(ReservationRow::reservationId, Function.identity())));
        GuardedUpsert<ReservationRow> upsert = ReservationRow.UPSERT.into(beside.table(TABLE));
        return new Folding() {
            @Override
            public void take(Facts facts) {
                List<Fact<ReservationEvent>> batch = facts.of(ReservationEvent.class);
                rows.fetch(() -> batch.stream()
                        .map(fact -> fact.event().reservationId().toString())
                        .collect(Collectors.toSet()));
                ReservationProjection.fold(batch, rows.rows(), rows.changed(), new ConsumptionOutcomes());
            }

            @Override
            public int pending() {
                return rows.changed().size();
            }

            @Override
            public void flush(RowSink sink) {
                rows.flush(changed -> sink.write(upsert, changed));
            }
        };
    }
}
