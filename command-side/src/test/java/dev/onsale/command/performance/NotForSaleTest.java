package dev.onsale.command.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onsale.api.Money;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.api.performance.PriceZone;
import dev.onsale.api.performance.SchedulePerformance;
import dev.onsale.api.performance.SeatingPlan;
import dev.onsale.eventlog.EventJson;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class NotForSaleTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final SeatLabel SOLD = SeatLabel.of("front");
    private static final SeatLabel HOUSE = SeatLabel.of("house");

    @Test
    void a_seat_of_a_category_without_a_price_is_in_the_plan_and_cannot_be_priced() {
        Performance performance = new Performance(PerformanceId.next());
        performance.on(Performance.decideSchedule(order("I"), NOW));
        assertThat(performance.priceOf(SOLD, NOW).category()).isEqualTo("I");
        assertThatThrownBy(() -> performance.priceOf(HOUSE, NOW))
                .extracting(refused -> ((RefusedException) refused).code())
                .isEqualTo(RefusalCode.SEAT_NOT_FOR_SALE);
    }

    @Test
    void a_plan_without_any_priced_seat_is_refused() {
        assertThatThrownBy(() -> Performance.decideSchedule(order("empty"), NOW))
                .extracting(refused -> ((RefusedException) refused).code())
                .isEqualTo(RefusalCode.UNKNOWN_PRICE_ZONE);
    }

    @Test
    void a_fact_without_the_mark_reads_as_for_sale() {
        PerformanceScheduled fact = Performance.decideSchedule(order("I"), NOW);
        String json = EventJson.mapper().writeValueAsString(fact);
        PerformanceScheduled read =
                EventJson.mapper().readValue(json.replace(",\"notForSale\":true", ""), PerformanceScheduled.class);
        assertThat(json).contains("\"notForSale\":true").doesNotContain("\"notForSale\":null");
        assertThat(read.seatingPlan().categories()).allMatch(SeatingPlan.Category::offered);
    }

    private static SchedulePerformance order(String priced) {
        SeatingPlan plan = new SeatingPlan(
                "Hall",
                List.of(
                        new SeatingPlan.Category("I", ""),
                        new SeatingPlan.Category("House", ""),
                        new SeatingPlan.Category("empty", "")),
                List.of(new SeatingPlan.Zone(
                        "A",
                        0,
                        0,
                        List.of(new SeatingPlan.Row(
                                "1",
                                0,
                                0,
                                List.of(
                                        new SeatingPlan.Seat(SOLD, "1", 0, 0, 0),
                                        new SeatingPlan.Seat(HOUSE, "2", 1, 25, 0)))))),
                1,
                1);
        return new SchedulePerformance(
                PerformanceId.next(),
                "Tonight",
                NOW.plus(Duration.ofDays(2)),
                plan,
                List.of(new PriceZone(priced, Money.of(100, "EUR"))),
                NOW,
                NOW.plus(Duration.ofDays(1)),
                4,
                Duration.ofMinutes(5),
                false);
    }
}
