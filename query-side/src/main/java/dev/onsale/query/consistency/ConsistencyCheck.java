package dev.onsale.query.consistency;

import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.Topics;
import dev.onsale.proof.sealing.SaleIndex;
import dev.onsale.query.readmodel.ReadModelName;
import dev.onsale.query.seatmap.SeatMapCopy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.apache.kafka.common.KafkaException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Compares all that is known of one sale with its log. */
@Component
class ConsistencyCheck {

    private final JdbcClient jdbc;
    private final SaleIndex index;
    private final SaleComparison rows;
    private final SeatMapCopy copy;
    private final KafkaComparison kafka;
    private final Clock clock;

    ConsistencyCheck(
            DataSource dataSource,
            SaleIndex index,
            SaleComparison rows,
            SeatMapCopy copy,
            KafkaComparison kafka,
            Clock clock) {
        this.jdbc = JdbcClient.create(dataSource);
        this.index = index;
        this.rows = rows;
        this.copy = copy;
        this.kafka = kafka;
        this.clock = clock;
    }

    /** A sale's first fact. */
    private record Beginning(String type, Instant at) {

        boolean isPerformance() {
            return type.equals("Performance");
        }

        String topic() {
            return isPerformance() ? Topics.RESERVATION_EVENTS : Topics.COUPON_EVENTS;
        }
    }

    /** The sales whose rows changed last, half of them campaigns. */
    List<String> ofLate(int limit) {
        return jdbc.sql("(SELECT performance_id FROM seat_map_view ORDER BY version DESC LIMIT :half)"
                        + " UNION ALL (SELECT campaign_id FROM campaign_view ORDER BY log_position DESC LIMIT :half)")
                .param("half", limit / 2)
                .query(String.class)
                .list();
    }

    /**
     * @param kafkaAtMost how long to read records
     * @throws RefusedException with {@code SALE_NOT_FOUND}
     */
    Consistency of(String saleKey, Duration kafkaAtMost) {
        Beginning beginning = beginning(saleKey);
        long sealedTo = index.sealedTo();
        List<Consistency.Part> parts = new ArrayList<>(rows.of(saleKey));
        if (beginning.isPerformance()) {
            parts.add(seatMapCopy(PerformanceId.of(saleKey)));
        }
        parts.add(kafka(saleKey, beginning, kafkaAtMost));
        return Consistency.of(saleKey, clock.instant().toString(), sealedTo, parts);
    }

    private Beginning beginning(String saleKey) {
        return jdbc.sql(
                        "SELECT type, time_stamp FROM domain_event WHERE aggregate_identifier = ? AND sequence_number = 0"
                                + " AND type IN ('Performance', 'Campaign')")
                .param(saleKey)
                .query((row, number) -> new Beginning(row.getString(1), Instant.parse(row.getString(2))))
                .optional()
                .orElseThrow(() -> new RefusedException(RefusalCode.SALE_NOT_FOUND, "There is no sale " + saleKey));
    }

    private Consistency.Part seatMapCopy(PerformanceId performance) {
        String name = "redis:" + ReadModelName.SEAT_MAP.text();
        try {
            return copy.differences(performance)
                    .map(found -> Consistency.Part.of(name, found))
                    .orElseGet(() -> Consistency.Part.notCompared(
                            name, "There is no copy, or one of another moment than the rows"));
        } catch (IllegalStateException rowsAreWrong) {
            return Consistency.Part.notCompared(name, String.valueOf(rowsAreWrong.getMessage()));
        }
    }

    private Consistency.Part kafka(String saleKey, Beginning beginning, Duration atMost) {
        try {
            return kafka.compare(saleKey, beginning.topic(), beginning.at(), atMost);
        } catch (KafkaException away) {
            return Consistency.Part.notCompared("kafka", "Kafka did not answer: " + away.getMessage());
        }
    }

    /** Gives up what is kept of a sale outside the database, so that it is made or read again. */
    void forget(String saleKey) {
        if (beginning(saleKey).isPerformance()) {
            copy.forget(PerformanceId.of(saleKey));
        }
        kafka.forget(saleKey);
    }
}
