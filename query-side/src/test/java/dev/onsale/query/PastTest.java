package dev.onsale.query;

import static dev.onsale.query.ASale.ALICE;
import static dev.onsale.query.ASale.aPerformance;
import static dev.onsale.query.ASale.held;
import static dev.onsale.query.ASale.paymentRequested;
import static dev.onsale.query.ASale.scheduled;
import static dev.onsale.query.ASale.seatBooked;
import static dev.onsale.query.ASale.seatHeld;

import dev.onsale.api.EventCatalogue;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.eventlog.EventJson;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.web.reactive.server.WebTestClient;

/** Questions about the past are answered by the event store: position n was written down n minutes after twelve. */
class PastTest extends QuerySideTest {

    private static final Instant TWELVE = Instant.parse("2026-06-01T12:00:00Z");

    private final PerformanceId performance = aPerformance();
    private final ReservationId reservation = ReservationId.next();
    private final PaymentId payment = new PaymentId(UUID.randomUUID());
    private int position;

    @BeforeEach
    void log() {
        jdbc.sql("DELETE FROM domain_event").update();
        jdbc.sql("ALTER TABLE domain_event AUTO_INCREMENT = 1").update();
        store("Performance", 0, scheduled(performance, 3));
        store("Seat", 0, seatHeld(performance, 1, reservation));
        store("Reservation", 0, held(performance, reservation, ALICE, 1));
        store("Reservation", 1, paymentRequested(performance, reservation, payment));
        store("Seat", 1, seatBooked(performance, 1, reservation));
    }

    private void store(String aggregateType, long sequence, OnsaleEvent event) {
        position++;
        jdbc.sql("INSERT INTO domain_event (event_identifier, aggregate_identifier, sequence_number, type, time_stamp,"
                        + " payload_type, payload_revision, payload) VALUES (?, ?, ?, ?, ?, ?, '1', ?)")
                .params(
                        UUID.randomUUID().toString(),
                        Teller.aggregateOf(event),
                        sequence,
                        aggregateType,
                        TWELVE.plusSeconds(60L * position).toString(),
                        EventCatalogue.typeOf(event.getClass()).value(),
                        EventJson.mapper().writeValueAsBytes(event))
                .update();
    }

    private WebTestClient.ResponseSpec ask(String path) {
        return asOperator().get().uri("/api/audit/" + path).exchange();
    }

    private void seatIs(String state, String moment) {
        ask("performances/" + performance + "/seat-map?" + moment)
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.counts.total")
                .isEqualTo(3)
                .jsonPath("$.seats['D-14-1']")
                .isEqualTo(state)
                .jsonPath("$.seats['D-14-2']")
                .isEqualTo("AVAILABLE");
    }

    @Test
    void the_seat_map_is_told_as_of_any_position_and_any_instant() {
        seatIs("AVAILABLE", "position=1");
        seatIs("HELD", "position=2");
        seatIs("HELD", "position=4");
        seatIs("BOOKED", "position=5");
        seatIs("AVAILABLE", "asOf=2026-06-01T12:01:59Z");
        seatIs("HELD", "asOf=2026-06-01T12:02:00Z");
        seatIs("BOOKED", "asOf=2026-06-01T12:05:00Z");
        ask("performances/" + performance + "/seat-map?asOf=2026-06-01T12:00:59Z")
                .expectStatus()
                .isNotFound();
    }

    @Test
    void a_reservation_is_told_as_of_any_position_and_any_instant() {
        reservationIs("HELD", "position=3");
        reservationIs("PAYMENT_PENDING", "position=4");
        reservationIs("HELD", "asOf=2026-06-01T12:03:30Z");
        ask("reservations/" + reservation + "?position=2").expectStatus().isNotFound();
    }

    private void reservationIs(String status, String moment) {
        ask("reservations/" + reservation + "?" + moment)
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.status")
                .isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "position=0",
                "position=6",
                "position=-1",
                "asOf=2999-01-01T00:00:00Z",
                "asOf=yesterday",
                "position=1&asOf=2026-06-01T12:00:00Z",
                ""
            })
    void a_moment_that_is_none_or_not_over_is_an_invalid_request(String moment) {
        ask("performances/" + performance + "/seat-map?" + moment)
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("INVALID_REQUEST");
    }

    @Test
    void the_log_is_filtered_by_buyer_and_by_time() {
        ask("events?buyer=alice").expectBody().jsonPath("$.events.length()").isEqualTo(4);
        ask("events?buyer=bob").expectBody().jsonPath("$.events.length()").isEqualTo(0);
        ask("events?from=2026-06-01T12:02:00Z&to=2026-06-01T12:04:00Z")
                .expectBody()
                .jsonPath("$.events.length()")
                .isEqualTo(2)
                .jsonPath("$.events[0].position")
                .isEqualTo(2);
        ask("events?from=2026-06-01T12:04:00Z&to=2026-06-01T12:02:00Z")
                .expectStatus()
                .isBadRequest();
    }
}
