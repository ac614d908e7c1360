package dev.onsale.query;

import static dev.onsale.query.ASale.ALICE;
import static dev.onsale.query.ASale.NOON;
import static dev.onsale.query.ASale.aPerformance;
import static dev.onsale.query.ASale.held;
import static dev.onsale.query.ASale.issued;
import static dev.onsale.query.ASale.launched;
import static dev.onsale.query.ASale.scheduled;

import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.EventCatalogue;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.eventlog.EventJson;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A question about the past of an id that names something else is answered as one about nothing. */
class PastOfAnotherKindTest extends QuerySideTest {

    private final PerformanceId performance = aPerformance();
    private final CampaignId campaign = CampaignId.next();
    private final ReservationId reservation = ReservationId.next();

    @BeforeEach
    void log() {
        jdbc.sql("DELETE FROM domain_event").update();
        store("Performance", 0, scheduled(performance, 3));
        store("Campaign", 0, launched(campaign, 5));
        store("Campaign", 1, issued(campaign, CouponId.next(), ALICE, 1));
        store("Reservation", 0, held(performance, reservation, ALICE, 1));
    }

    @AfterEach
    void leaveNoLog() {
        jdbc.sql("DELETE FROM domain_event").update();
    }

    @Test
    void it_is_not_found() {
        for (UUID id : List.of(performance.value(), campaign.value(), UUID.randomUUID())) {
            notFound("/api/audit/reservations/{id}?asOf=" + NOON, id, "RESERVATION_NOT_FOUND");
        }
        for (UUID id : List.of(reservation.value(), campaign.value(), UUID.randomUUID())) {
            notFound("/api/audit/performances/{id}/seat-map?asOf=" + NOON, id, "PERFORMANCE_NOT_FOUND");
        }
    }

    private void notFound(String path, UUID id, String code) {
        asOperator()
                .get()
                .uri(path, id)
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo(code);
    }

    private void store(String aggregateType, long sequence, OnsaleEvent event) {
        jdbc.sql("INSERT INTO domain_event (event_identifier, aggregate_identifier, sequence_number, type, time_stamp,"
                        + " payload_type, payload_revision, payload) VALUES (?, ?, ?, ?, ?, ?, '1', ?)")
                .params(
                        UUID.randomUUID().toString(),
                        Teller.aggregateOf(event),
                        sequence,
                        aggregateType,
                        NOON.toString(),
                        EventCatalogue.typeOf(event.getClass()).value(),
                        EventJson.mapper().writeValueAsBytes(event))
                .update();
    }
}
