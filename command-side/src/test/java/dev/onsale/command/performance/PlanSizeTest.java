package dev.onsale.command.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.onsale.api.Money;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RecordLimits;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.performance.PriceZone;
import dev.onsale.api.performance.SchedulePerformance;
import dev.onsale.api.performance.SeatingPlan;
import dev.onsale.eventlog.EventJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlanSizeTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    @Test
    void a_plan_whose_fact_is_too_large_is_refused_before_the_first_write() {
        SchedulePerformance order = order("Upper-Ring/Block-17/Row-45/".repeat(3), "");
        RefusedException refused = catchThrowableOfType(
                RefusedException.class, () -> new Performance(order.performanceId()).schedule(order, NOW));
        assertThat(refused.code()).isEqualTo(RefusalCode.INVALID_SEATING_PLAN);
    }

    @Test
    void bytes_count_and_not_characters() {
        SchedulePerformance order = order("Блок-западный-", "Ряд-Ряд-Ряд-Ряд-Ряд");
        byte[] json = EventJson.mapper().writeValueAsBytes(Performance.decideSchedule(order, NOW));
        assertThat(new String(json, StandardCharsets.UTF_8)).hasSizeLessThan(RecordLimits.FACT_BYTES_MAX);
        assertThat(RecordLimits.fits(json)).isFalse();
    }

    @Test
    void a_hundred_thousand_seats_with_ordinary_labels_fit() {
        byte[] json = EventJson.mapper().writeValueAsBytes(Performance.decideSchedule(order("Block-12-Row-", ""), NOW));
        assertThat(RecordLimits.fits(json)).isTrue();
    }

    private static SchedulePerformance order(String prefix, String number) {
        List<SeatingPlan.Seat> seats = IntStream.range(0, SeatingPlan.SEATS_MAX)
                .mapToObj(seat -> new SeatingPlan.Seat(
                        SeatLabel.of(prefix + seat), number + seat % 100, 0, 1000 * Math.sin(seat / 7.7), 25))
                .toList();
        SeatingPlan plan = new SeatingPlan(
                "Stadium",
                List.of(new SeatingPlan.Category("Ring", "")),
                List.of(new SeatingPlan.Zone("Ring", 0, 0, List.of(new SeatingPlan.Row("1", 0, 0, seats)))),
                1,
                1);
        return new SchedulePerformance(
                PerformanceId.next(),
                "Final",
                NOW.plus(Duration.ofDays(2)),
                plan,
                List.of(new PriceZone("Ring", Money.of(100, "EUR"))),
                NOW,
                NOW.plus(Duration.ofDays(1)),
                4,
                Duration.ofMinutes(5),
                false);
    }
}
