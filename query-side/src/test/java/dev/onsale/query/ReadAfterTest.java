package dev.onsale.query;

import static dev.onsale.query.ASale.aPerformance;
import static dev.onsale.query.ASale.scheduled;
import static dev.onsale.query.ASale.seatBooked;
import static dev.onsale.query.ASale.seatHeld;

import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** Who names a position reads nothing older. */
class ReadAfterTest extends QuerySideTest {

    private final PerformanceId performance = aPerformance();
    private final ReservationId reservation = ReservationId.next();

    @Test
    void a_read_waits_until_the_read_models_have_seen_the_position() {
        TELLER.tell(scheduled(performance, 9));
        for (int seat = 1; seat <= 9; seat++) {
            TELLER.tell(seatHeld(performance, seat, reservation));
            ProducerRecord<String, byte[]> told = TELLER.tell(seatBooked(performance, seat, reservation));
            String position = performance + "/" + Teller.positionOf(told);
            http.get()
                    .uri("/api/performances/{id}", performance)
                    .header("Onsale-Read-After", position)
                    .exchange()
                    .expectStatus()
                    .isOk()
                    .expectBody()
                    .jsonPath("$.seats.booked")
                    .isEqualTo(seat);
            http.get()
                    .uri("/api/performances/{id}/seat-map", performance)
                    .header("Onsale-Read-After", position)
                    .exchange()
                    .expectStatus()
                    .isOk()
                    .expectBody()
                    .jsonPath("$.counts.booked")
                    .isEqualTo(seat);
        }
    }

    @Test
    void a_position_that_does_not_come_is_not_yet_visible_and_one_that_is_none_is_invalid() {
        TELLER.tell(scheduled(performance, 1));
        http.get()
                .uri("/api/performances/{id}", performance)
                .header("Onsale-Read-After", performance + "/999999999999")
                .exchange()
                .expectStatus()
                .isEqualTo(503)
                .expectHeader()
                .valueEquals("Retry-After", "1")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("NOT_YET_VISIBLE");
        for (String wrong : new String[] {"12", "/12", performance + "/", performance + "/-1", "a b/1"}) {
            http.get()
                    .uri("/api/performances/{id}", performance)
                    .header("Onsale-Read-After", wrong)
                    .exchange()
                    .expectStatus()
                    .isBadRequest()
                    .expectBody()
                    .jsonPath("$.code")
                    .isEqualTo("INVALID_REQUEST");
        }
    }
}
