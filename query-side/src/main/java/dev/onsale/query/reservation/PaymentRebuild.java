package dev.onsale.query.reservation;

import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.payment.PaymentEvent;
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
class PaymentRebuild implements Rebuildable {

    private static final String TABLE = "payment_view";

    @Override
    public String name() {
        return "payments";
    }

    @Override
    public List<ReadTable> tables() {
        return List.of(new ReadTable(
                TABLE,
                List.of("payment_id"),
                "log_position",
                List.of("reservation_id", "performance_id", "status", "reason")));
    }

    @Override
    public List<Class<? extends OnsaleEvent>> facts() {
        return List.of(PaymentEvent.class);
    }

    @Override
    public Folding begin(ShadowTables beside, boolean fromNothing) {
        RowStore<String, PaymentRow> rows = new RowStore<>(
                fromNothing,
                ids -> beside.rows(TABLE, PaymentRow.class, "payment_id IN (:ids)", Map.of("ids", ids)).stream()
                        .collect(Collectors.toMap(PaymentRow::paymentId, Function.identity())));
        GuardedUpsert<PaymentRow> upsert = PaymentRow.UPSERT.into(beside.table(TABLE));
        return new Folding() {
            @Override
            public void take(Facts facts) {
                List<Fact<PaymentEvent>> batch = facts.of(PaymentEvent.class);
                rows.fetch(() -> batch.stream()
                        .map(fact -> fact.event().paymentId().toString())
                        .collect(Collectors.toSet()));
                PaymentProjection.fold(batch, rows.rows(), rows.changed(), new ConsumptionOutcomes());
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
