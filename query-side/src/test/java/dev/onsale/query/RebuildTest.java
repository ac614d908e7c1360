package dev.onsale.query;

import static dev.onsale.query.ASale.ALICE;
import static dev.onsale.query.ASale.aPerformance;
import static dev.onsale.query.ASale.held;
import static dev.onsale.query.ASale.issued;
import static dev.onsale.query.ASale.launched;
import static dev.onsale.query.ASale.paymentRequested;
import static dev.onsale.query.ASale.scheduled;
import static dev.onsale.query.ASale.seatBooked;
import static dev.onsale.query.ASale.seatHeld;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.EventCatalogue;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.eventlog.EventJson;
import dev.onsale.eventlog.tail.LogTail;
import dev.onsale.query.readmodel.ReadModelName;
import java.io.IOException;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.test.web.reactive.server.WebTestClient;

/** Read models are built again from the event store; here the store has what Kafka never told. */
class RebuildTest extends QuerySideTest {

    private static final int SEATS = 400;

    /** More than may be left while the consumers are held up. */
    private static final int LEFT = 6_000;

    private static final List<String> ALL = ReadModelName.texts();

    @Autowired
    @SuppressWarnings("NullAway.Init") // Spring fills the fields.
    private Environment environment;

    @Autowired
    @SuppressWarnings("NullAway.Init") // Spring fills the fields.
    private DataSource dataSource;

    @Autowired
    @SuppressWarnings("NullAway.Init") // Spring fills the fields.
    private LogTail tail;

    private final PerformanceId performance = aPerformance();
    private final CampaignId campaign = CampaignId.next();

    @BeforeEach
    void log() {
        jdbc.sql("DELETE FROM domain_event").update();
        jdbc.sql("ALTER TABLE domain_event AUTO_INCREMENT = 1").update();
        jdbc.sql("DELETE FROM projection_rebuild").update();
        store("Performance", 0, scheduled(performance, SEATS));
        store("Campaign", 0, launched(campaign, SEATS));
        for (int seat = 1; seat <= SEATS; seat++) {
            ReservationId reservation = ReservationId.next();
            store("Seat", 0, seatHeld(performance, seat, reservation));
            store("Reservation", 0, held(performance, reservation, ALICE, seat));
            if (seat % 2 == 0) {
                store("Reservation", 1, paymentRequested(performance, reservation, new PaymentId(UUID.randomUUID())));
                store("Seat", 1, seatBooked(performance, seat, reservation));
            }
            store("Campaign", seat, issued(campaign, CouponId.next(), BuyerId.of("buyer-" + seat), seat));
        }
    }

    private void store(String aggregateType, long sequence, OnsaleEvent event) {
        jdbc.sql(
                        "INSERT INTO domain_event (event_identifier, aggregate_identifier, sequence_number, type, time_stamp,"
                                + " payload_type, payload_revision, payload) VALUES (?, ?, ?, ?, '2026-06-01T12:00:00Z', ?, '1', ?)")
                .params(
                        UUID.randomUUID().toString(),
                        Teller.aggregateOf(event),
                        sequence,
                        aggregateType,
                        EventCatalogue.typeOf(event.getClass()).value(),
                        EventJson.mapper().writeValueAsBytes(event))
                .update();
    }

    private WebTestClient.ResponseSpec order(String path) {
        return asOperator().post().uri("/api/admin/projections/" + path).exchange();
    }

    private Map<String, Object> rebuild(String name) {
        return jdbc.sql("SELECT * FROM projection_rebuild WHERE name = ?")
                .param(name)
                .query()
                .singleRow();
    }

    private void awaitState(String name, String state) {
        eventually(name + " is " + state)
                .untilAsserted(() -> assertThat(rebuild(name)).containsEntry("state", state));
    }

    private void rebuilt(String name) {
        order(name + "/rebuild").expectStatus().isAccepted();
        awaitState(name, "SWITCHED");
    }

    @Test
    void every_projection_is_built_again_from_the_store() {
        ALL.forEach(this::rebuilt);
        assertThat(count("SELECT COUNT(*) FROM seat_view WHERE performance_id = ?", performance.toString()))
                .isEqualTo(SEATS);
        assertThat(count(
                        "SELECT held * 1000 + booked FROM seat_map_view WHERE performance_id = ?",
                        performance.toString()))
                .isEqualTo(SEATS / 2 * 1000 + SEATS / 2);
        assertThat(count("SELECT COUNT(*) FROM reservation_view WHERE status = 'PAYMENT_PENDING'"))
                .isEqualTo(SEATS / 2);
        assertThat(count("SELECT issued FROM campaign_view WHERE campaign_id = ?", campaign.toString()))
                .isEqualTo(SEATS);
        assertThat(count("SELECT COUNT(*) FROM coupon_view")).isEqualTo(SEATS);
        assertThat(count("SELECT COUNT(*) FROM performance_view")).isEqualTo(1);
    }

    @Test
    void what_differs_is_counted_before_the_switch_and_the_way_back_leads_to_what_was_there() {
        rebuilt("seat-map");
        String wrong = "UPDATE seat_view SET state = 'BOOKED' WHERE performance_id = ? AND seat = 'D-14-1'";
        jdbc.sql(wrong).param(performance.toString()).update();

        order("seat-map/rebuild?switch=false").expectStatus().isAccepted();
        awaitState("seat-map", "READY");
        assertThat(rebuild("seat-map")).containsEntry("differences", 1L);
        assertThat(state("D-14-1")).isEqualTo("BOOKED");

        order("seat-map/switch").expectStatus().isAccepted();
        awaitState("seat-map", "SWITCHED");
        assertThat(state("D-14-1")).isEqualTo("HELD");

        store("Seat", 1, seatBooked(performance, 3, ReservationId.next()));
        order("seat-map/back").expectStatus().isAccepted();
        awaitState("seat-map", "SWITCHED");
        assertThat(state("D-14-1")).as("as it was").isEqualTo("BOOKED");
        assertThat(state("D-14-3")).as("and up to date").isEqualTo("BOOKED");
        assertThat(count(
                        "SELECT held * 1000 + booked FROM seat_map_view WHERE performance_id = ?",
                        performance.toString()))
                .as("and its sums too")
                .isEqualTo((SEATS / 2 - 1) * 1000 + SEATS / 2 + 1);
    }

    @Test
    void the_way_back_leads_to_the_tables_before_the_switch_and_not_to_new_ones_that_wait_for_theirs() {
        rebuilt("seat-map");
        rebuilt("seat-map");
        jdbc.sql("UPDATE seat_view__before SET state = 'BOOKED' WHERE performance_id = ? AND seat = 'D-14-1'")
                .param(performance.toString())
                .update();
        order("seat-map/rebuild?switch=false").expectStatus().isAccepted();
        awaitState("seat-map", "READY");

        order("seat-map/back").expectStatus().isAccepted();
        awaitState("seat-map", "SWITCHED");
        assertThat(state("D-14-1")).isEqualTo("BOOKED");
        assertThat(count("SELECT COUNT(*) FROM seat_view WHERE performance_id = ?", performance.toString()))
                .isEqualTo(SEATS);
    }

    @Test
    void tables_are_not_exchanged_while_much_is_left_to_take() throws Exception {
        rebuilt("coupons");
        UUID run = UUID.randomUUID();
        // Beyond whatever other tests have written.
        jdbc.sql("ALTER TABLE domain_event AUTO_INCREMENT = " + (tail.settledNow() + 10))
                .update();
        try (Connection slow = dataSource.getConnection()) {
            slow.setAutoCommit(false);
            try (Statement insert = slow.createStatement()) {
                insert.executeUpdate(recent("slow-" + run, 0));
            }
            // Nothing after the open gap is final, so a rebuild cannot be built beyond it.
            for (int from = 0; from < LEFT; from += 1_000) {
                StringBuilder rows = new StringBuilder(recent("left-" + run, from));
                for (int row = from + 1; row < from + 1_000; row++) {
                    rows.append(", ").append(values("left-" + run, row));
                }
                jdbc.sql(rows.toString()).update();
            }
            order("coupons/rebuild").expectStatus().isAccepted();
            awaitState("coupons", "SWITCHING");
            // Consumers write meanwhile: nobody holds them up.
            TELLER.tell(scheduled(aPerformance(), 2));
            awaitConsumed();
            assertThat(rebuild("coupons")).containsEntry("state", "SWITCHING");
            slow.commit();
        }
        awaitState("coupons", "SWITCHED");
    }

    private static String recent(String aggregate, int sequence) {
        return "INSERT INTO domain_event (event_identifier, aggregate_identifier, sequence_number, type, time_stamp,"
                + " payload_type, payload_revision, payload) VALUES " + values(aggregate, sequence);
    }

    private static String values(String aggregate, int sequence) {
        return "(UUID(), '" + aggregate + "', " + sequence + ", 'Seat', '" + Instant.now()
                + "', 'onsale.unheard-of', '1', '{}')";
    }

    @Test
    void what_was_cancelled_can_be_ordered_again() {
        rebuilt("wallets");
        long generation = count("SELECT generation FROM projection_generation WHERE name = 'wallets'");
        abandoned("wallets");
        jdbc.sql("UPDATE projection_rebuild SET owned_until = ? WHERE name = 'wallets'")
                .param(System.currentTimeMillis() + 600_000)
                .update();
        asOperator()
                .delete()
                .uri("/api/admin/projections/wallets/rebuild")
                .exchange()
                .expectStatus()
                .isOk();
        assertThat(rebuild("wallets")).containsEntry("state", "CANCELLED");
        rebuilt("wallets");
        assertThat(count("SELECT generation FROM projection_generation WHERE name = 'wallets'"))
                .isEqualTo(generation + 1);
    }

    private String state(String seat) {
        return jdbc.sql("SELECT state FROM seat_view WHERE performance_id = ? AND seat = ?")
                .params(performance.toString(), seat)
                .query(String.class)
                .single();
    }

    @Test
    void a_rebuild_whose_process_died_in_the_middle_goes_on_from_its_checkpoint() {
        rebuilt("reservations");
        // As a process leaves it behind that was killed after its first checkpoint.
        jdbc.sql("DROP TABLE IF EXISTS reservation_view__next").update();
        jdbc.sql("CREATE TABLE reservation_view__next LIKE reservation_view").update();
        jdbc.sql("INSERT INTO reservation_view__next SELECT * FROM reservation_view WHERE log_position <= 500")
                .update();
        // Rows whose reservation went on after the checkpoint are as they were then.
        long facts = count("SELECT COUNT(*) FROM reservation_view__next");
        jdbc.sql("UPDATE projection_rebuild SET state = 'BUILDING', built_to = 500, facts = ?, owner = 'dead',"
                        + " owned_until = ? WHERE name = 'reservations'")
                .params(facts, System.currentTimeMillis() + 1_500)
                .update();
        awaitState("reservations", "SWITCHED");
        assertThat(rebuild("reservations")).containsEntry("differences", 0L);
        assertThat(count("SELECT COUNT(*) FROM reservation_view")).isEqualTo(SEATS);
        assertThat(count("SELECT COUNT(*) FROM reservation_view WHERE status = 'PAYMENT_PENDING'"))
                .isEqualTo(SEATS / 2);
        assertThat(count("SELECT facts FROM projection_rebuild WHERE name = 'reservations'"))
                .as("facts before the checkpoint were not read again")
                .isLessThan(facts + SEATS + SEATS / 2);
    }

    @Test
    void a_rebuild_whose_process_died_before_its_first_checkpoint_begins_with_empty_tables() {
        rebuilt("reservations");
        // As a process leaves it behind that was killed while it wrote the first rows side by side: one is wrong, as it
        // would be if the facts that it was made of had gone on, and one is of no fact at all.
        jdbc.sql("DROP TABLE IF EXISTS reservation_view__next").update();
        jdbc.sql("CREATE TABLE reservation_view__next LIKE reservation_view").update();
        jdbc.sql("INSERT INTO reservation_view__next SELECT * FROM reservation_view LIMIT 150")
                .update();
        jdbc.sql("UPDATE reservation_view__next SET log_position = 1000000, status = 'EXPIRED' LIMIT 1")
                .update();
        jdbc.sql("UPDATE reservation_view__next SET reservation_id = 'of-no-fact' WHERE status = 'HELD' LIMIT 1")
                .update();
        abandoned("reservations");
        awaitState("reservations", "SWITCHED");
        assertThat(rebuild("reservations")).containsEntry("differences", 0L);
        assertThat(count("SELECT COUNT(*) FROM reservation_view")).isEqualTo(SEATS);
        assertThat(count("SELECT COUNT(*) FROM reservation_view WHERE status = 'PAYMENT_PENDING'"))
                .isEqualTo(SEATS / 2);
    }

    @Test
    void a_rebuild_whose_process_died_before_it_made_the_tables_is_built_and_not_taken_for_done() {
        rebuilt("coupons");
        jdbc.sql("DELETE FROM coupon_view").update();
        abandoned("coupons");
        awaitState("coupons", "SWITCHED");
        assertThat(count("SELECT COUNT(*) FROM coupon_view")).isEqualTo(SEATS);
    }

    /** As a process leaves it behind that was killed before its first checkpoint. */
    private void abandoned(String name) {
        jdbc.sql("UPDATE projection_rebuild SET state = 'BUILDING', built_to = 0, facts = 0, owner = 'dead',"
                        + " owned_until = 1 WHERE name = ?")
                .param(name)
                .update();
    }

    @Test
    void a_rebuild_whose_process_is_killed_in_the_middle_is_finished_by_another() throws Exception {
        rebuilt("seat-map");
        jdbc.sql("DELETE FROM projection_rebuild").update();
        int port = freePort();
        Process other = QuerySideProcess.start(
                environment,
                port,
                "onsale.rebuild.positions-at-once=100",
                "onsale.rebuild.positions-per-write=100",
                "onsale.rebuild.owned-for=3s");
        try {
            WebTestClient its = WebTestClient.bindToServer()
                    .baseUrl("http://127.0.0.1:" + port)
                    .defaultHeaders(headers -> headers.setBearerAuth(QuerySideApplication.OPERATOR))
                    .build();
            eventually("the other process takes orders")
                    .atMost(Duration.ofMinutes(4))
                    .ignoreExceptions()
                    .untilAsserted(() -> its.post()
                            .uri("/api/admin/projections/seat-map/rebuild")
                            .exchange()
                            .expectStatus()
                            .isAccepted());
            Awaitility.await("it is in the middle")
                    .pollInterval(Duration.ofMillis(2))
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> count("SELECT built_to FROM projection_rebuild WHERE name = 'seat-map'") > 0);
        } finally {
            other.destroyForcibly();
        }
        other.waitFor(10, TimeUnit.SECONDS);
        assertThat(rebuild("seat-map").get("state")).as("it was not ready").isEqualTo("BUILDING");
        awaitState("seat-map", "SWITCHED");
        assertThat(rebuild("seat-map")).containsEntry("differences", 0L);
        assertThat(count(
                        "SELECT held * 1000 + booked FROM seat_map_view WHERE performance_id = ?",
                        performance.toString()))
                .isEqualTo(SEATS / 2 * 1000 + SEATS / 2);
        assertThat(count("SELECT COUNT(*) FROM seat_view WHERE performance_id = ?", performance.toString()))
                .isEqualTo(SEATS);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void one_rebuild_at_a_time_and_only_of_what_there_is() {
        order("no-such/rebuild").expectStatus().isNotFound();
        order("coupons/switch").expectStatus().isEqualTo(409);
        jdbc.sql("INSERT INTO projection_rebuild (name, direction, state, switch_after, started_at, built_to, facts,"
                        + " owner, owned_until) VALUES ('coupons', 'FORWARD', 'BUILDING', TRUE, '2026-06-01T12:00:00Z',"
                        + " 0, 0, 'another', ?)")
                .param(System.currentTimeMillis() + 600_000)
                .update();
        order("coupons/rebuild")
                .expectStatus()
                .isEqualTo(409)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("REBUILD_RUNNING");
        asOperator()
                .delete()
                .uri("/api/admin/projections/coupons/rebuild")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.rebuild.state")
                .isEqualTo("CANCELLED");
        as(ALICE)
                .post()
                .uri("/api/admin/projections/coupons/rebuild")
                .exchange()
                .expectStatus()
                .isForbidden();
        asOperator()
                .get()
                .uri("/api/admin/projections")
                .exchange()
                .expectBody()
                .jsonPath("$.length()")
                .isEqualTo(ALL.size());
    }
}
