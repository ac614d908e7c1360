package dev.onsale.query;

import static dev.onsale.query.ASale.ALICE;
import static dev.onsale.query.ASale.aPerformance;
import static dev.onsale.query.ASale.held;
import static dev.onsale.query.ASale.launched;
import static dev.onsale.query.ASale.scheduled;
import static dev.onsale.query.ASale.seatHeld;

import dev.onsale.api.CampaignId;
import dev.onsale.api.EventCatalogue;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.eventlog.EventJson;
import dev.onsale.eventlog.tail.LogTail;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;

/** The audit reads the event store, so these facts are written there. */
class AuditTest extends QuerySideTest {

    @Autowired
    @SuppressWarnings("NullAway.Init") // Spring fills the fields.
    private DataSource dataSource;

    @Autowired
    @SuppressWarnings("NullAway.Init") // Spring fills the fields.
    private LogTail tail;

    private final PerformanceId performance = aPerformance();
    private final ReservationId reservation = ReservationId.next();
    private final CampaignId campaign = CampaignId.next();

    @BeforeEach
    void log() {
        jdbc.sql("DELETE FROM domain_event").update();
        jdbc.sql("ALTER TABLE domain_event AUTO_INCREMENT = 1").update();
        store("Performance", 0, scheduled(performance, 2));
        store("Seat", 0, seatHeld(performance, 1, reservation));
        store("Reservation", 0, held(performance, reservation, ALICE, 1));
        store("Campaign", 0, launched(campaign, 2));
        store("Seat", 0, seatHeld(aPerformance(), 1, ReservationId.next()));
    }

    private void store(String aggregateType, long sequence, OnsaleEvent event) {
        jdbc.sql("INSERT INTO domain_event (event_identifier, aggregate_identifier, sequence_number, type, time_stamp,"
                        + " payload_type, payload_revision, payload) VALUES (?, ?, ?, ?, ?, ?, '1', ?)")
                .params(
                        UUID.randomUUID().toString(),
                        Teller.aggregateOf(event),
                        sequence,
                        aggregateType,
                        "2026-06-01T12:00:00Z",
                        EventCatalogue.typeOf(event.getClass()).value(),
                        EventJson.mapper().writeValueAsBytes(event))
                .update();
    }

    @Test
    void an_operator_reads_the_log_in_pages() {
        events("limit=2")
                .jsonPath("$.events.length()")
                .isEqualTo(2)
                .jsonPath("$.events[0].position")
                .isEqualTo(1)
                .jsonPath("$.events[0].type")
                .isEqualTo("onsale.performance-scheduled")
                .jsonPath("$.events[0].version")
                .isEqualTo(1)
                .jsonPath("$.events[0].payload.performanceId")
                .isEqualTo(performance.toString())
                .jsonPath("$.events[1].aggregateType")
                .isEqualTo("Seat")
                .jsonPath("$.events[1].aggregateId")
                .isEqualTo(performance + ":D-14-1")
                .jsonPath("$.events[1].sequence")
                .isEqualTo(0)
                .jsonPath("$.nextAfter")
                .isEqualTo(2)
                .jsonPath("$.head")
                .isEqualTo(5);
        events("after=2&limit=10")
                .jsonPath("$.events.length()")
                .isEqualTo(3)
                .jsonPath("$.nextAfter")
                .isEqualTo(5);
        events("after=5")
                .jsonPath("$.events.length()")
                .isEqualTo(0)
                .jsonPath("$.nextAfter")
                .isEqualTo(5);
    }

    @Test
    void the_log_is_filtered_by_sale_by_aggregate_and_by_type() {
        events("sale=" + performance)
                .jsonPath("$.events.length()")
                .isEqualTo(3)
                .jsonPath("$.nextAfter")
                .isEqualTo(5);
        events("sale=" + campaign).jsonPath("$.events.length()").isEqualTo(1);
        events("aggregate=" + performance + ":D-14-1")
                .jsonPath("$.events.length()")
                .isEqualTo(1)
                .jsonPath("$.events[0].type")
                .isEqualTo("onsale.seat-held");
        events("type=onsale.seat-held").jsonPath("$.events.length()").isEqualTo(2);
        events("type=onsale.seat-held&sale=" + performance + "&limit=1")
                .jsonPath("$.events.length()")
                .isEqualTo(1)
                .jsonPath("$.nextAfter")
                .isEqualTo(2);
        events("type=onsale.unheard-of").jsonPath("$.events.length()").isEqualTo(0);
    }

    @Test
    void from_and_to_are_instants_whatever_the_length_of_their_fractions() {
        String nothing = "UNHEX(REPEAT('00', 32))";
        jdbc.sql("DELETE FROM seal").update();
        jdbc.sql("INSERT INTO seal (number, previous, first_position, last_position, events, log_digest, sales_digest,"
                        + " sealed_at, seal) VALUES (1, " + nothing + ", 1, 5, 5, " + nothing + ", " + nothing
                        + ", '2026-06-01T12:00:00.500Z', " + nothing + ")")
                .update();
        try {
            for (String from : List.of("12:00:00Z", "12:00:00.000Z", "11:59:59.999999Z", "11:59:59Z")) {
                events("from=2026-06-01T" + from).jsonPath("$.events.length()").isEqualTo(5);
            }
            events("from=2026-06-01T12:00:00.001Z")
                    .jsonPath("$.events.length()")
                    .isEqualTo(0);
            events("to=2026-06-01T12:00:00Z").jsonPath("$.events.length()").isEqualTo(0);
            events("to=2026-06-01T12:00:00.000001Z")
                    .jsonPath("$.events.length()")
                    .isEqualTo(5);
        } finally {
            jdbc.sql("DELETE FROM seal").update();
        }
    }

    @Test
    void no_page_goes_past_a_fact_that_may_still_be_committed() throws Exception {
        // Names that were never deleted, or an insert would lock what is beside the deleted row.
        String slowId = "slow-" + UUID.randomUUID();
        String quickId = "quick-" + UUID.randomUUID();
        // Beyond whatever other tests have written.
        jdbc.sql("ALTER TABLE domain_event AUTO_INCREMENT = " + (tail.settledNow() + 10))
                .update();
        try (Connection slow = dataSource.getConnection()) {
            slow.setAutoCommit(false);
            try (Statement insert = slow.createStatement()) {
                insert.executeUpdate(
                        "INSERT INTO domain_event (event_identifier, aggregate_identifier, sequence_number, type, time_stamp,"
                                + " payload_type, payload_revision, payload) VALUES (UUID(), '" + slowId
                                + "', 0, 'Seat', '"
                                + Instant.now() + "', 'onsale.seat-freed', '1', '{}')");
            }
            jdbc.sql(
                            "INSERT INTO domain_event (event_identifier, aggregate_identifier, sequence_number, type, time_stamp,"
                                    + " payload_type, payload_revision, payload) VALUES (UUID(), ?, 0, 'Seat', ?,"
                                    + " 'onsale.seat-freed', '1', '{}')")
                    .params(quickId, Instant.now().toString())
                    .update();
            events("after=5")
                    .jsonPath("$.events.length()")
                    .isEqualTo(0)
                    .jsonPath("$.nextAfter")
                    .isEqualTo(5);
            slow.commit();
        }
        eventually("both are in the page, in order").untilAsserted(() -> events("after=5")
                .jsonPath("$.events[0].aggregateId")
                .isEqualTo(slowId)
                .jsonPath("$.events[1].aggregateId")
                .isEqualTo(quickId));
    }

    private WebTestClient.BodyContentSpec events(String query) {
        return asOperator()
                .get()
                .uri("/api/audit/events?" + query)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody();
    }

    @Test
    void the_log_is_for_operators_alone() {
        as(ALICE)
                .get()
                .uri("/api/audit/events")
                .exchange()
                .expectStatus()
                .isForbidden()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("FORBIDDEN");
        http.get().uri("/api/audit/events").exchange().expectStatus().isUnauthorized();
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=10001", "after=-1", "limit=x", "sale=", "type= "})
    void a_page_or_a_filter_out_of_its_range_is_an_invalid_request(String query) {
        asOperator()
                .get()
                .uri("/api/audit/events?" + query)
                .exchange()
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("INVALID_REQUEST");
    }
}
