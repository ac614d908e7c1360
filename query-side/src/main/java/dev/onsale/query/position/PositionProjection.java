package dev.onsale.query.position;

import dev.onsale.api.payment.PaymentEvent;
import dev.onsale.query.readmodel.ConsumptionOutcomes;
import dev.onsale.query.readmodel.Fact;
import dev.onsale.query.readmodel.Facts;
import dev.onsale.query.readmodel.Projection;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.stereotype.Component;

/** Writes down how far each sale was read, in the transaction of the rows that say so. */
@Component
class PositionProjection implements Projection {

    private final JdbcOperations jdbc;

    PositionProjection(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void apply(Facts facts, ConsumptionOutcomes outcomes) {
        Map<String, Long> positions = new TreeMap<>();
        for (Fact<?> fact : facts.all()) {
            // Payments have writers of their own: they may be told before something of the sale that was written before
            // them.
            if (!(fact.event() instanceof PaymentEvent)) {
                positions.merge(fact.event().saleKey(), fact.position(), Math::max);
            }
        }
        jdbc.batchUpdate(
                "INSERT INTO read_position (sale_key, log_position) VALUES (?, ?)"
                        + " ON DUPLICATE KEY UPDATE log_position = GREATEST(log_position, VALUES(log_position))",
                positions.entrySet().stream()
                        .map(position -> new Object[] {position.getKey(), position.getValue()})
                        .toList());
    }
}
