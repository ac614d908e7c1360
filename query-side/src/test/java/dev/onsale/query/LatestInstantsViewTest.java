package dev.onsale.query;

import static dev.onsale.query.ASale.aPerformance;
import static dev.onsale.query.ASale.scheduled;

import dev.onsale.api.PerformanceId;
import dev.onsale.api.performance.PerformanceScheduled;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.test.web.reactive.server.WebTestClient;

class LatestInstantsViewTest extends QuerySideTest {

    private static final Instant PAST = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant FUTURE = Instant.parse("2098-01-01T00:00:00Z");

    private final PerformanceId performance = aPerformance();

    @Test
    void a_performance_shows_the_instants_that_were_set() {
        TELLER.tell(with(FUTURE, FUTURE.plusSeconds(60), PAST));
        awaitConsumed();
        view().jsonPath("$.holdingEndsAt")
                .isEqualTo("2098-01-01T00:00:00Z")
                .jsonPath("$.sellingEndsAt")
                .isEqualTo("2098-01-01T00:01:00Z")
                .jsonPath("$.cancellableUntil")
                .isEqualTo("2026-01-01T00:00:00Z")
                .jsonPath("$.sale")
                .isEqualTo("OPEN");
    }

    @Test
    void a_performance_that_was_scheduled_without_them_shows_its_start() {
        PerformanceScheduled fact = with(null, null, null);
        TELLER.tell(fact);
        awaitConsumed();
        String start = fact.startsAt().toString();
        view().jsonPath("$.holdingEndsAt")
                .isEqualTo(start)
                .jsonPath("$.sellingEndsAt")
                .isEqualTo(start)
                .jsonPath("$.cancellableUntil")
                .isEqualTo(start);
    }

    @Test
    void a_sale_is_closed_when_holding_has_ended_though_its_window_is_open() {
        TELLER.tell(with(PAST, null, null));
        awaitConsumed();
        view().jsonPath("$.sale").isEqualTo("CLOSED");
    }

    private WebTestClient.BodyContentSpec view() {
        return http.get()
                .uri("/api/performances/{id}", performance)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody();
    }

    private PerformanceScheduled with(
            @Nullable Instant holdingEndsAt, @Nullable Instant sellingEndsAt, @Nullable Instant cancellableUntil) {
        PerformanceScheduled usual = scheduled(performance, 2);
        return new PerformanceScheduled(
                usual.performanceId(),
                usual.title(),
                usual.startsAt(),
                usual.seatingPlan(),
                usual.priceZones(),
                usual.saleOpensAt(),
                usual.saleClosesAt(),
                usual.maxSeatsPerBuyer(),
                usual.holdDuration(),
                usual.waitingRoom(),
                usual.scheduledAt(),
                holdingEndsAt,
                sellingEndsAt,
                cancellableUntil);
    }
}
