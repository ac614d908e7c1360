package dev.onsale.command.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.onsale.api.Money;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.api.performance.PriceZone;
import dev.onsale.api.performance.SchedulePerformance;
import dev.onsale.api.performance.SeatingPlan;
import dev.onsale.command.bus.CacheProperties;
import dev.onsale.command.guard.state.GuardRetention;
import dev.onsale.command.store.AggregateKinds;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.DomainEventStream;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/** The memory that large performances take in caches. */
class SaleFactsSizeTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final int SEATS = 20_000;

    private final EventStore store = mock(EventStore.class);
    private final AggregateKinds kinds = mock(AggregateKinds.class);
    private final GuardRetention retention = mock(GuardRetention.class);
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    @Test
    void the_seats_of_many_large_performances_stay_within_the_bound_together() throws Exception {
        PerformanceCache facts = facts(DataSize.ofMegabytes(10));
        for (int number = 0; number < 12; number++) {
            PerformanceId id = PerformanceId.next();
            assertThat(seats(facts, id)).isEqualTo(SEATS);
        }

        assertThat(metrics.get("onsale.cache.bytes").gauge().value()).isBetween(1e6, 10.0 * 1024 * 1024);
    }

    @Test
    void a_performance_larger_than_the_bound_is_read_once_while_it_is_the_one_that_is_asked_for() throws Exception {
        PerformanceCache facts = facts(DataSize.ofKilobytes(10));
        PerformanceId id = PerformanceId.next();
        seats(facts, id);
        seats(facts, id);
        seats(facts, id);

        org.mockito.Mockito.verify(store, org.mockito.Mockito.atMost(1)).readEvents(id.toString());
    }

    @Test
    void the_aggregate_counts_every_seat_with_its_label() {
        SchedulePerformance order = order(PerformanceId.next());
        Performance performance = new Performance(order.performanceId());
        assertThat(performance.memoryBytes()).isZero();

        performance.on(Performance.decideSchedule(order, NOW));

        assertThat(performance.memoryBytes()).isBetween(200L * SEATS, 800L * SEATS);
    }

    private PerformanceCache facts(DataSize max) {
        when(kinds.isOf(anyString(), anyString())).thenReturn(true);
        when(retention.guardedUntil(org.mockito.ArgumentMatchers.any(PerformanceScheduled.class)))
                .thenReturn(NOW);
        when(store.readEvents(anyString())).thenAnswer(call -> {
            String id = call.getArgument(0);
            return DomainEventStream.of(new GenericDomainEventMessage<>(
                    "Performance", id, 0, Performance.decideSchedule(order(PerformanceId.of(id)), NOW)));
        });
        return new PerformanceCache(store, kinds, retention, new CacheProperties(DataSize.ofBytes(0), max), metrics);
    }

    private static int seats(PerformanceCache facts, PerformanceId id) throws Exception {
        return facts.of(id)
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS)
                .seats()
                .size();
    }

    private static SchedulePerformance order(PerformanceId id) {
        List<SeatingPlan.Seat> seats = IntStream.range(0, SEATS)
                .mapToObj(seat -> new SeatingPlan.Seat(
                        SeatLabel.of("Upper-Ring/Block-17/Row-45/Seat-" + seat), "" + seat % 100, 0, seat, 25))
                .toList();
        SeatingPlan plan = new SeatingPlan(
                "Stadium",
                List.of(new SeatingPlan.Category("Ring", "")),
                List.of(new SeatingPlan.Zone("Ring", 0, 0, List.of(new SeatingPlan.Row("1", 0, 0, seats)))),
                1,
                1);
        return new SchedulePerformance(
                id,
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
