package dev.onsale.query;

import static dev.onsale.query.ASale.ALICE;
import static dev.onsale.query.ASale.PRICE;
import static dev.onsale.query.ASale.aPerformance;
import static dev.onsale.query.ASale.heldSeats;
import static dev.onsale.query.ASale.scheduled;
import static dev.onsale.query.ASale.seat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.Money;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.reservation.ReservationCancelled;
import dev.onsale.api.reservation.ReservationConfirmed;
import dev.onsale.api.reservation.ReservationExpired;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.embedded.Service;
import dev.onsale.testsupport.TestServices;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** What is sold is counted once, by a group of consumers of its own. */
class SalesStatisticsTest extends QuerySideTest {

    private final PerformanceId performance = aPerformance();
    private final Instant minute = Instant.now().truncatedTo(ChronoUnit.MINUTES);
    private final List<ProducerRecord<String, byte[]>> told = new ArrayList<>();

    @Autowired
    @SuppressWarnings("NullAway.Init") // Spring fills the fields.
    private RedisConnectionFactory redis;

    private void tell(OnsaleEvent event) {
        told.add(TELLER.tell(event));
    }

    private ReservationId held(int number, Instant at) {
        ReservationId id = ReservationId.next();
        tell(new ReservationHeld(id, performance, ALICE, heldSeats(number), PRICE, at.plusSeconds(300), at));
        return id;
    }

    private void confirmed(ReservationId id, int number, Instant at) {
        tell(new ReservationConfirmed(id, performance, ALICE, PaymentId.next(), heldSeats(number), PRICE, at));
    }

    private void aSale() {
        tell(scheduled(performance, 9));
        Instant before = minute.minus(Duration.ofMinutes(1));
        confirmed(held(1, before), 1, before.plusSeconds(5));
        ReservationId returned = held(2, before);
        confirmed(returned, 2, before.plusSeconds(6));
        tell(new ReservationExpired(held(3, before), performance, ALICE, List.of(seat(3)), minute));
        tell(new ReservationCancelled(held(4, minute), performance, ALICE, List.of(seat(4)), null, minute));
        tell(new ReservationCancelled(returned, performance, ALICE, List.of(seat(2)), PaymentId.next(), minute));
        confirmed(held(5, minute), 5, minute.plusSeconds(1));
    }

    private void awaitCounted() {
        eventually("the statistics have committed every offset").until(() -> TELLER.lag(STATISTICS), lag -> lag == 0);
    }

    private void expectCounted() {
        asOperator()
                .get()
                .uri("/api/admin/performances/{id}/sales", performance)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.minutes.length()")
                .isEqualTo(2)
                .jsonPath("$.minutes[0].minute")
                .isEqualTo(minute.minus(Duration.ofMinutes(1)).toString())
                .jsonPath("$.minutes[0].seatsHeld")
                .isEqualTo(3)
                .jsonPath("$.minutes[0].seatsBooked")
                .isEqualTo(2)
                .jsonPath("$.minutes[0].booked.minorUnits")
                .isEqualTo(2 * PRICE.minorUnits())
                .jsonPath("$.minutes[1].seatsHeld")
                .isEqualTo(2)
                .jsonPath("$.minutes[1].seatsBooked")
                .isEqualTo(1)
                .jsonPath("$.minutes[1].seatsGivenUp")
                .isEqualTo(2)
                .jsonPath("$.minutes[1].seatsReturned")
                .isEqualTo(1)
                .jsonPath("$.minutes[1].returned.minorUnits")
                .isEqualTo(PRICE.minorUnits())
                .jsonPath("$.minutes[1].booked.currency")
                .isEqualTo(Money.of(1, "EUR").currency().getCurrencyCode());
    }

    private void awaitRank(int seats) {
        eventually("it is ranked").untilAsserted(() -> http.get()
                .uri("/api/performances/fastest-selling?limit=100")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.performances[?(@.performanceId=='" + performance + "')].seatsBooked")
                .isEqualTo(seats)
                .jsonPath("$.performances[?(@.performanceId=='" + performance + "')].title")
                .isEqualTo("Abschlusskonzert"));
    }

    @Test
    void a_sale_told_twice_is_counted_once_minute_by_minute() {
        aSale();
        awaitCounted();
        expectCounted();

        told.forEach(TELLER::send);
        awaitCounted();

        expectCounted();
        assertThat(count("SELECT COUNT(*) FROM counted_reservation WHERE performance_id = ?", performance.toString()))
                .isEqualTo(5);
    }

    @Test
    void what_sells_fastest_is_ranked_with_redis_without_it_and_after_it_lost_everything() {
        aSale();
        awaitConsumed();
        awaitCounted();
        awaitRank(3);
        try (RedisConnection connection = redis.getConnection()) {
            connection.serverCommands().flushAll();
        }
        awaitRank(3);
        TestServices.embedded().kill(Service.REDIS);
        try {
            awaitRank(3);
            confirmed(held(6, minute), 6, minute.plusSeconds(2));
            awaitCounted();
            awaitRank(4);
        } finally {
            TestServices.embedded().startAgain(Service.REDIS);
        }
        awaitRank(4);
    }

    @Test
    void a_window_or_a_limit_out_of_its_range_is_refused_and_sales_are_for_operators() {
        for (String uri : List.of(
                "/api/performances/fastest-selling?minutes=0",
                "/api/performances/fastest-selling?minutes=61",
                "/api/performances/fastest-selling?limit=1000000")) {
            http.get()
                    .uri(uri)
                    .exchange()
                    .expectStatus()
                    .isBadRequest()
                    .expectBody()
                    .jsonPath("$.code")
                    .isEqualTo("INVALID_REQUEST");
        }
        String sales = "/api/admin/performances/" + performance + "/sales";
        asOperator()
                .get()
                .uri(sales + "?from=2026-01-01T00:00:00Z&to=2026-01-03T00:00:00Z")
                .exchange()
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("INVALID_WINDOW");
        as(ALICE).get().uri(sales).exchange().expectStatus().isForbidden();
    }
}
