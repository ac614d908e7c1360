package dev.onsale.query.reservation;

import dev.onsale.api.payment.PaymentEvent;
import dev.onsale.query.consumption.ConsumptionOutcomes;
import dev.onsale.query.consumption.Fact;
import dev.onsale.query.consumption.Facts;
import dev.onsale.query.consumption.Projection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.stereotype.Component;

/** Folds the facts of payments into rows. */
@Component
class PaymentProjection implements Projection {

    private final JdbcOperations jdbc;
    private final PaymentRepository payments;

    PaymentProjection(JdbcOperations jdbc, PaymentRepository payments) {
        this.jdbc = jdbc;
        this.payments = payments;
    }

    @Override
    public void apply(Facts facts, ConsumptionOutcomes outcomes) {
        List<Fact<PaymentEvent>> batch = facts.of(PaymentEvent.class);
        if (batch.isEmpty()) {
            return;
        }
        Map<String, PaymentRow> changed = new LinkedHashMap<>();
        fold(batch, rows(batch), changed, outcomes);
        PaymentRow.UPSERT.write(jdbc, changed.values());
    }

    static void fold(
            List<Fact<PaymentEvent>> batch,
            Map<String, PaymentRow> rows,
            Map<String, PaymentRow> changed,
            ConsumptionOutcomes outcomes) {
        for (Fact<PaymentEvent> fact : batch) {
            String id = fact.event().paymentId().toString();
            PaymentRow row = rows.computeIfAbsent(id, unknown -> new PaymentRow(fact.event()));
            if (row.takes(fact, outcomes)) {
                row.become(fact.event());
                changed.put(id, row);
            }
        }
    }

    private Map<String, PaymentRow> rows(List<Fact<PaymentEvent>> batch) {
        Map<String, PaymentRow> rows = new HashMap<>();
        payments.findAllById(batch.stream()
                        .map(fact -> fact.event().paymentId().toString())
                        .collect(Collectors.toSet()))
                .forEach(row -> rows.put(row.paymentId(), row));
        return rows;
    }
}
