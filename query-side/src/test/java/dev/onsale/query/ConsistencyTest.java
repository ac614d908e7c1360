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

import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.EventCatalogue;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.Topics;
import dev.onsale.eventlog.EventJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.test.web.reactive.server.WebTestClient;

/** The same facts in the store and over Kafka, and then a hand that changes what somebody knows. */
class ConsistencyTest extends QuerySideTest {

    private static final List<String> SEALS = List.of("seal", "sealed_sale", "sealed_event");
    private static final long FIRST_SEAT_BIT = 16 * Byte.SIZE;

    private final PerformanceId performance = aPerformance();
    private final ReservationId reservation = ReservationId.next();

    @Autowired
    @SuppressWarnings("NullAway.Init") // Spring fills the fields.
    private StringRedisTemplate redis;

    @BeforeEach
    void sale() {
        jdbc.sql("DELETE FROM domain_event").update();
        jdbc.sql("DELETE FROM projection_rebuild").update();
        unseal();
        write(scheduled(performance, 4));
        write(seatHeld(performance, 1, reservation));
        write(seatHeld(performance, 2, reservation));
        write(held(performance, reservation, ALICE, 1, 2));
        write(seatBooked(performance, 1, reservation));
        // Told without what could be used to pay, and no difference for that.
        write(paymentRequested(performance, reservation, PaymentId.next()));
        seal(performance.toString());
        awaitConsumed();
    }

    @AfterEach
    void unseal() {
        SEALS.forEach(table -> jdbc.sql("DELETE FROM " + table).update());
    }

    @Test
    void nothing_differs_as_long_as_nobody_changes_anything() {
        http.get()
                .uri("/api/performances/" + performance + "/seat-map")
                .exchange()
                .expectStatus()
                .isOk();
        Found found = found(performance.toString());
        assertThat(found.parts())
                .extracting(Part::name)
                .contains("seat-map", "reservations", "payments", "performances", "coupons", "redis:seat-map", "kafka");
        assertThat(found.parts()).allSatisfy(part -> assertThat(part).isEqualTo(whole(part.name())));
    }

    @Test
    void what_differs_in_the_rows_is_counted_named_and_repaired() {
        for (String wrong : List.of(
                "UPDATE seat_view SET state = 'AVAILABLE' WHERE performance_id = ? AND seat = 'D-14-1'",
                "DELETE FROM seat_view WHERE performance_id = ? AND seat = 'D-14-2'",
                "INSERT INTO seat_view SELECT performance_id, 'D-14-9', 'HELD', NULL, 0, version FROM seat_map_view"
                        + " WHERE performance_id = ?",
                "UPDATE reservation_view SET buyer_id = 'mallory' WHERE performance_id = ?")) {
            assertThat(jdbc.sql(wrong).param(performance.toString()).update()).isEqualTo(1);
        }
        Found found = found(performance.toString());
        assertThat(found.part("seat-map").differences()).isEqualTo(3);
        assertThat(found.part("seat-map").first())
                .anyMatch(line -> line.endsWith("D-14-1: state is AVAILABLE and should be BOOKED"))
                .anyMatch(line -> line.endsWith("D-14-2 is missing"))
                .anyMatch(line -> line.endsWith("D-14-9 should not be"));
        assertThat(found.part("reservations").first())
                .containsExactly("reservation_view " + reservation + ": buyer_id is mallory and should be alice");
        assertThat(found.part("kafka")).isEqualTo(whole("kafka"));
        eventually("the auditor has come by").until(() -> differences() > 0);

        asOperator()
                .post()
                .uri("/api/audit/sales/" + performance + "/repair")
                .exchange()
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.length()")
                .isEqualTo(2);
        eventually("everything is repaired")
                .until(() -> found(performance.toString()).differences() == 0);
        eventually("the auditor has seen it").until(() -> differences() == 0);
    }

    @Test
    void a_copy_in_redis_that_differs_is_named_and_given_up() {
        String map = "/api/performances/" + performance + "/seat-map";
        String before = answer(map);
        String key =
                redis.keys("onsale:{" + performance + "}:seat-map*").iterator().next();
        redis.opsForValue().setBit(key, FIRST_SEAT_BIT, false);
        assertThat(found(performance.toString()).part("redis:seat-map").first())
                .containsExactly("seat D-14-1 is AVAILABLE in Redis and BOOKED in its row");

        asOperator()
                .post()
                .uri("/api/audit/sales/" + performance + "/repair")
                .exchange()
                .expectStatus()
                .isAccepted()
                .expectBody()
                .json("[]");
        assertThat(answer(map)).isEqualTo(before);
        assertThat(found(performance.toString()).differences()).isZero();
    }

    @Test
    void what_was_not_told_is_behind_until_something_later_was_told_and_then_a_hole() {
        store(TELLER.keepBack(seatHeld(performance, 3, reservation)), seatHeld(performance, 3, reservation));
        seal(performance.toString());
        Found behind = found(performance.toString());
        assertThat(behind.differences()).isZero();
        assertThat(behind.part("kafka").behind()).isEqualTo(1);
        // The seat and the sums.
        assertThat(behind.part("seat-map").behind()).isEqualTo(2);

        write(seatHeld(performance, 4, reservation));
        seal(performance.toString());
        awaitConsumed();
        Found hole = found(performance.toString());
        assertThat(hole.part("kafka").first())
                .singleElement()
                .asString()
                .endsWith("was never told, though later ones were");
        assertThat(hole.part("seat-map").first()).anyMatch(line -> line.endsWith("D-14-3 is missing"));
        assertThat(hole.behind()).isZero();
    }

    @Test
    void a_record_that_the_store_does_not_have_or_that_says_something_else_is_a_difference() {
        TELLER.tell(seatHeld(performance, 3, reservation));
        ProducerRecord<String, byte[]> told = TELLER.tell(seatHeld(performance, 4, reservation));
        store(told, seatHeld(performance, 4, ReservationId.next()));
        seal(performance.toString());
        assertThat(found(performance.toString()).part("kafka").first())
                .hasSize(2)
                .anyMatch(line -> line.endsWith("that the sale does not have"))
                .anyMatch(line -> line.endsWith("says something else than the store"));
    }

    @Test
    void campaigns_are_compared_too() {
        CampaignId campaign = CampaignId.next();
        write(launched(campaign, 10));
        write(issued(campaign, CouponId.next(), ALICE, 1));
        seal(campaign.toString());
        awaitConsumed();
        assertThat(found(campaign.toString()).differences()).isZero();
        jdbc.sql("UPDATE campaign_view SET issued = 2 WHERE campaign_id = ?")
                .param(campaign.toString())
                .update();
        assertThat(found(campaign.toString()).part("coupons").first())
                .containsExactly("campaign_view " + campaign + ": issued is 2 and should be 1");
    }

    @Test
    void only_operators_may_look_and_only_at_what_there_is() {
        String path = "/api/audit/sales/" + performance + "/consistency";
        as(ALICE).get().uri(path).exchange().expectStatus().isForbidden();
        asOperator()
                .get()
                .uri("/api/audit/sales/none/consistency")
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("SALE_NOT_FOUND");
    }

    /** Writes a fact down and tells it. */
    private void write(OnsaleEvent event) {
        store(TELLER.tell(told(event)), event);
    }

    private static OnsaleEvent told(OnsaleEvent event) {
        return event instanceof dev.onsale.api.reservation.PaymentRequested requested
                ? new dev.onsale.api.reservation.PaymentRequested(
                        requested.reservationId(),
                        requested.performanceId(),
                        requested.buyerId(),
                        requested.paymentId(),
                        requested.amount(),
                        requested.method().masked(),
                        requested.payBefore(),
                        requested.requestedAt())
                : event;
    }

    private void store(ProducerRecord<String, byte[]> record, OnsaleEvent event) {
        jdbc.sql(
                        "INSERT INTO domain_event (global_index, event_identifier, aggregate_identifier, sequence_number, type,"
                                + " time_stamp, payload_type, payload_revision, payload)"
                                + " VALUES (?, ?, ?, ?, ?, '2026-06-01T12:00:00Z', ?, '1', ?)")
                .params(
                        Teller.positionOf(record),
                        header(record, Topics.HEADER_ID),
                        header(record, Topics.HEADER_SUBJECT),
                        Long.parseLong(header(record, Topics.HEADER_SEQUENCE)),
                        event.getClass()
                                .getInterfaces()[0]
                                .getSimpleName()
                                .replace("CouponEvent", "CampaignEvent")
                                .replace("Event", ""),
                        EventCatalogue.typeOf(event.getClass()).value(),
                        EventJson.mapper().writeValueAsBytes(event))
                .update();
    }

    private static String header(ProducerRecord<?, ?> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    /** As the sealer keeps its index, without its digests. */
    private void seal(String saleKey) {
        String nothing = "UNHEX(REPEAT('00', 32))";
        SEALS.forEach(table -> jdbc.sql("DELETE FROM " + table).update());
        jdbc.sql("INSERT INTO sealed_sale (sale_key, bucket, sale_digest, events, head) SELECT ?, 0, " + nothing
                        + ", COUNT(*), " + nothing + " FROM domain_event WHERE payload LIKE ?")
                .params(saleKey, "%" + saleKey + "%")
                .update();
        jdbc.sql(
                        "INSERT INTO sealed_event (sale_no, number, position, link) SELECT (SELECT MAX(sale_no) FROM sealed_sale),"
                                + " ROW_NUMBER() OVER (ORDER BY global_index), global_index, " + nothing
                                + " FROM domain_event WHERE payload LIKE ?")
                .param("%" + saleKey + "%")
                .update();
        jdbc.sql("INSERT INTO seal (number, previous, first_position, last_position, events, log_digest, sales_digest,"
                        + " sealed_at, seal) SELECT 1, " + nothing + ", 1, MAX(global_index), COUNT(*), " + nothing
                        + ", "
                        + nothing + ", '2026-06-01T12:00:00Z', " + nothing + " FROM domain_event")
                .update();
    }

    private String answer(String path) {
        byte[] body = http.get()
                .uri(path)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .returnResult()
                .getResponseBody();
        return body == null ? "" : new String(body, StandardCharsets.UTF_8);
    }

    private double differences() {
        return meters.get("onsale.consistency.differences").gauge().value();
    }

    private Found found(String sale) {
        WebTestClient.ResponseSpec answer = asOperator()
                .get()
                .uri("/api/audit/sales/" + sale + "/consistency")
                .exchange();
        Map<String, Object> body = answer.expectStatus()
                .isOk()
                .expectBody(new ParameterizedTypeReference<Map<String, Object>>() {})
                .returnResult()
                .getResponseBody();
        return EventJson.mapper().convertValue(body, Found.class);
    }

    private static Part whole(String name) {
        return new Part(name, 0, 0, List.of(), null);
    }

    private record Found(
            String sale,
            String checkedAt,
            long sealedTo,
            long differences,
            long behind,
            List<Part> parts,
            String guards) {

        Part part(String name) {
            return parts.stream()
                    .filter(part -> part.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private record Part(
            String name,
            long differences,
            long behind,
            List<String> first,
            @org.jspecify.annotations.Nullable String notCompared) {}
}
