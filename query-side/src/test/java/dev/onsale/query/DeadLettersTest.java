package dev.onsale.query;

import static dev.onsale.query.ASale.ALICE;
import static dev.onsale.query.ASale.NOON;
import static dev.onsale.query.ASale.aPerformance;
import static dev.onsale.query.ASale.issued;
import static dev.onsale.query.ASale.launched;
import static dev.onsale.query.ASale.scheduled;
import static dev.onsale.query.ASale.seatBooked;
import static dev.onsale.query.ASale.seatHeld;
import static dev.onsale.query.ASale.seatId;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.Topics;
import dev.onsale.api.seat.SeatFreed;
import dev.onsale.eventlog.EventJson;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;
import org.springframework.http.MediaType;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.test.web.reactive.server.WebTestClient;

/** A record that cannot be consumed is put aside, and what comes after it under its key waits for it. */
class DeadLettersTest extends QuerySideTest {

    private static final int BACKLOG = 4_000;

    private final PerformanceId performance = aPerformance();
    private final ReservationId reservation = ReservationId.next();

    @Test
    void an_unreadable_record_is_put_aside_at_once_its_key_waits_and_others_go_on() {
        PerformanceId other = aPerformance();
        TELLER.tell(scheduled(performance, 3));
        TELLER.tell(scheduled(other, 3));
        TELLER.tell(seatHeld(performance, 1, reservation));
        TELLER.send(broken("{\"seatId\":"));
        TELLER.tell(seatHeld(performance, 2, reservation));
        TELLER.tell(seatHeld(other, 2, reservation));

        awaitConsumed();

        assertThat(held(performance)).isEqualTo(1);
        assertThat(held(other)).isEqualTo(1);
        assertThat(filed(performance)).containsExactly("DEAD", "PARKED");
        ConsumerRecord<String, byte[]> letter = onlyLetter(Topics.RESERVATION_EVENTS, performance.toString());
        assertThat(new String(letter.value(), StandardCharsets.UTF_8)).isEqualTo("{\"seatId\":");
        assertThat(text(letter, Topics.HEADER_TYPE)).isEqualTo("onsale.seat-held.v1");
        assertThat(text(letter, KafkaHeaders.DLT_ORIGINAL_TOPIC)).isEqualTo(Topics.RESERVATION_EVENTS);
        assertThat(text(letter, KafkaHeaders.DLT_ORIGINAL_CONSUMER_GROUP)).isEqualTo(GROUP);
        assertThat(ByteBuffer.wrap(header(letter, KafkaHeaders.DLT_ORIGINAL_PARTITION))
                        .getInt())
                .isBetween(0, 2);
        assertThat(ByteBuffer.wrap(header(letter, KafkaHeaders.DLT_ORIGINAL_OFFSET))
                        .getLong())
                .isNotNegative();
        assertThat(text(letter, KafkaHeaders.DLT_EXCEPTION_FQCN)).endsWith("UnreadableFactException");
        assertThat(text(letter, "onsale_dlt-attempts")).isEqualTo("1");
        assertThat(counter("onsale.dead.letters", "group", "read-models", "topic", Topics.RESERVATION_EVENTS))
                .isPositive();
        eventually("what waits is counted")
                .until(() -> meters.find("onsale.dead.letters.waiting")
                                .tags("group", GROUP, "state", "PARKED")
                                .gauge()
                        != null);
    }

    @Test
    void a_record_without_position_or_of_a_version_to_come_is_put_aside() {
        PerformanceId other = aPerformance();
        TELLER.tell(scheduled(performance, 3));
        TELLER.tell(scheduled(other, 3));
        ProducerRecord<String, byte[]> noPosition = TELLER.keepBack(seatHeld(performance, 1, reservation));
        noPosition.headers().remove(Topics.HEADER_POSITION);
        ProducerRecord<String, byte[]> version2 = TELLER.keepBack(seatHeld(other, 2, reservation));
        Teller.header(version2, Topics.HEADER_TYPE, "onsale.seat-held.v9");
        TELLER.send(noPosition);
        TELLER.send(version2);

        awaitConsumed();

        assertThat(held(performance) + held(other)).isZero();
        onlyLetter(Topics.RESERVATION_EVENTS, performance.toString());
        onlyLetter(Topics.RESERVATION_EVENTS, other.toString());
    }

    @Test
    void a_type_that_nobody_here_knows_is_skipped_and_counted() {
        TELLER.tell(scheduled(performance, 3));
        ProducerRecord<String, byte[]> unknown = TELLER.keepBack(seatHeld(performance, 1, reservation));
        Teller.header(unknown, Topics.HEADER_TYPE, "onsale.seat-polished.v1");
        double skipped =
                counter("onsale.consumed.events", "group", "read-models", "type", "unknown", "outcome", "unknown");

        TELLER.send(unknown);
        awaitConsumed();

        assertThat(counter("onsale.consumed.events", "group", "read-models", "type", "unknown", "outcome", "unknown"))
                .isGreaterThanOrEqualTo(skipped + 1);
        assertThat(TELLER.deadLetters(Topics.RESERVATION_EVENTS, performance.toString()))
                .isEmpty();
    }

    @Test
    void facts_of_a_performance_never_heard_of_wait_until_it_is_known() {
        var scheduled = TELLER.keepBack(scheduled(performance, 2));
        TELLER.tell(seatHeld(performance, 1, reservation));
        TELLER.tell(ASale.held(performance, reservation, ALICE, 1));
        awaitConsumed();
        assertThat(text(onlyLetter(Topics.RESERVATION_EVENTS, performance.toString()), "onsale_dlt-attempts"))
                .isEqualTo("1");
        assertThat(filed(performance)).containsExactly("DEAD", "PARKED");
        retry(firstOf(performance))
                .jsonPath("$.taken")
                .isEqualTo(0)
                .jsonPath("$.failedAgain[0].attempts")
                .isEqualTo(2);

        TELLER.send(new ProducerRecord<>(
                scheduled.topic(), null, UUID.randomUUID().toString(), scheduled.value(), scheduled.headers()));
        awaitConsumed();
        retry(firstOf(performance)).jsonPath("$.taken").isEqualTo(1);

        eventually("what waited behind it has followed")
                .untilAsserted(() -> assertThat(filed(performance)).containsExactly("RETRIED"));
        assertThat(held(performance)).isEqualTo(1);
        assertThat(count("SELECT COUNT(*) FROM reservation_view WHERE reservation_id = ?", reservation.toString()))
                .isEqualTo(1);
    }

    @Test
    void a_dropped_letter_is_remembered_with_its_reason_and_what_waited_behind_it_follows_in_order() {
        TELLER.tell(scheduled(performance, 3));
        TELLER.send(broken("not json"));
        for (int seat = 1; seat <= 3; seat++) {
            TELLER.tell(seatHeld(performance, seat, reservation));
            TELLER.tell(seatBooked(performance, seat, reservation));
        }
        awaitConsumed();
        long dead = firstOf(performance);
        assertThat(filed(performance)).hasSize(7);

        order(dead + "/drop", "{\"reason\":\"\"}").expectStatus().isBadRequest();
        order(dead + "/drop", "{\"reason\":\"a test wrote it\"}").expectStatus().isOk();
        // Comes while the others are being let go, or after: behind them in either case.
        TELLER.tell(new SeatFreed(seatId(performance, 3), reservation, NOON));

        eventually("all were taken").untilAsserted(() -> {
            assertThat(filed(performance)).containsExactly("DROPPED");
            assertThat(count("SELECT booked FROM seat_map_view WHERE performance_id = ?", performance.toString()))
                    .isEqualTo(2);
        });
        assertThat(held(performance)).isZero();
        asOperator()
                .get()
                .uri("/api/admin/dead-letters/{id}", dead)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.letter.state")
                .isEqualTo("DROPPED")
                .jsonPath("$.letter.reason")
                .isEqualTo("a test wrote it")
                .jsonPath("$.letter.settledBy")
                .isEqualTo(QuerySideApplication.OPERATOR)
                .jsonPath("$.payload")
                .isEqualTo("not json")
                .jsonPath("$.headers.ce_type")
                .isEqualTo("onsale.seat-held.v1");
    }

    @Test
    void what_waits_behind_a_settled_letter_becomes_less_however_much_comes() throws Exception {
        TELLER.tell(scheduled(performance, 3));
        TELLER.send(broken("not json"));
        tellInTurns(BACKLOG);
        eventually("the backlog is parked").until(() -> filed(performance).size() > BACKLOG);
        double gaps = counter("onsale.consumed.gaps");
        AtomicBoolean drained = new AtomicBoolean();
        CompletableFuture<Void> hotSale = CompletableFuture.runAsync(() -> {
            while (!drained.get()) {
                // More than the release took before, and less than the consumers take.
                tellInTurns(200);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            }
        });
        try {
            order(firstOf(performance) + "/drop", "{\"reason\":\"a test wrote it\"}")
                    .expectStatus()
                    .isOk();
            eventually("nothing waits any more, although more comes")
                    .until(() ->
                            count("SELECT COUNT(*) FROM parked_key WHERE record_key = ?", performance.toString()) == 0);
        } finally {
            drained.set(true);
            hotSale.get(60, TimeUnit.SECONDS);
        }
        awaitConsumed();
        assertThat(filed(performance)).containsExactly("DROPPED");
        assertThat(held(performance)).as("the last of each pair freed the seat").isZero();
        assertThat(counter("onsale.consumed.gaps")).as("taken in order").isEqualTo(gaps);
    }

    private void tellInTurns(int facts) {
        List<OnsaleEvent> told = new ArrayList<>();
        for (int fact = 0; fact < facts; fact += 2) {
            told.add(seatHeld(performance, 1, reservation));
            told.add(new SeatFreed(seatId(performance, 1), reservation, NOON));
        }
        TELLER.tellAll(told);
    }

    @Test
    void a_parked_record_that_fails_in_its_turn_is_the_next_dead_letter_and_all_can_be_retried_at_once() {
        TELLER.tell(scheduled(performance, 3));
        TELLER.send(broken("first"));
        TELLER.send(broken("second"));
        TELLER.tell(seatHeld(performance, 1, reservation));
        awaitConsumed();
        assertThat(filed(performance)).containsExactly("DEAD", "PARKED", "PARKED");
        long first = firstOf(performance);
        long second = count(
                "SELECT MIN(id) FROM kafka_dead_letter WHERE record_key = ? AND id > ?", performance.toString(), first);
        asOperator()
                .post()
                .uri("/api/admin/dead-letters/{id}/retry", second)
                .exchange()
                .expectStatus()
                .isEqualTo(409)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("DEAD_LETTER_NOT_FIRST");

        order(first + "/drop", "{\"reason\":\"nobody needs it\"}")
                .expectStatus()
                .isOk();
        eventually("the next one is dead")
                .untilAsserted(() -> assertThat(filed(performance)).containsExactly("DROPPED", "DEAD", "PARKED"));
        jdbc.sql("UPDATE kafka_dead_letter SET payload = ? WHERE id = ?")
                .params(
                        EventJson.mapper().writeValueAsBytes(seatHeld(performance, 3, reservation)),
                        firstOf(performance))
                .update();
        asOperator()
                .post()
                .uri("/api/admin/dead-letters/retry?key={key}", performance)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.taken")
                .isEqualTo(1)
                .jsonPath("$.more")
                .isEqualTo(false);
        eventually("the one behind it has followed")
                .untilAsserted(() -> assertThat(held(performance)).isEqualTo(2));
        order(first + "/drop", "{\"reason\":\"again\"}")
                .expectStatus()
                .isEqualTo(409)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("DEAD_LETTER_SETTLED");
    }

    @Test
    void dead_letters_are_for_operators_and_come_page_by_page() {
        TELLER.tell(scheduled(performance, 3));
        TELLER.send(broken("first"));
        TELLER.tell(seatHeld(performance, 1, reservation));
        awaitConsumed();
        String list = "/api/admin/dead-letters?key=" + performance;
        as(ALICE).get().uri(list).exchange().expectStatus().isForbidden();
        http.get().uri(list).exchange().expectStatus().isUnauthorized();
        asOperator()
                .get()
                .uri(list + "&limit=1")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.items[0].state")
                .isEqualTo("PARKED")
                .jsonPath("$.next")
                .isNotEmpty();
        asOperator()
                .get()
                .uri(list + "&state=DEAD")
                .exchange()
                .expectBody()
                .jsonPath("$.items.length()")
                .isEqualTo(1)
                .jsonPath("$.items[0].group")
                .isEqualTo(GROUP)
                .jsonPath("$.items[0].exception")
                .value(String.class, name -> assertThat(name).endsWith("UnreadableFactException"));
        for (String bad : List.of("&limit=1000000", "&state=ROTTEN", "&after=0")) {
            asOperator().get().uri(list + bad).exchange().expectStatus().isBadRequest();
        }
        asOperator()
                .post()
                .uri("/api/admin/dead-letters/999999999/retry")
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("DEAD_LETTER_NOT_FOUND");
    }

    @Test
    void a_value_that_the_database_refuses_is_tried_six_times_and_changes_nothing() {
        CampaignId refused = CampaignId.next();
        CampaignId accepted = CampaignId.next();
        CouponId coupon = CouponId.next();
        TELLER.tell(launched(refused, 1));
        // Rank 2 of 1: the CHECK on the stock is the last to notice.
        TELLER.tell(issued(refused, coupon, ALICE, 2));
        TELLER.tell(launched(accepted, 1));

        awaitConsumed();

        assertThat(count("SELECT issued FROM campaign_view WHERE campaign_id = ?", refused.toString()))
                .isZero();
        assertThat(count("SELECT COUNT(*) FROM coupon_view WHERE coupon_id = ?", coupon.toString()))
                .isZero();
        assertThat(count("SELECT COUNT(*) FROM campaign_view WHERE campaign_id = ?", accepted.toString()))
                .isEqualTo(1);
        ConsumerRecord<String, byte[]> letter = onlyLetter(Topics.COUPON_EVENTS, refused.toString());
        assertThat(text(letter, "onsale_dlt-attempts")).isEqualTo("6");
        assertThat(text(letter, KafkaHeaders.DLT_EXCEPTION_FQCN)).endsWith("DataIntegrityViolationException");
    }

    @Test
    void a_seat_that_the_hall_does_not_have_is_put_aside() {
        TELLER.tell(scheduled(performance, 1));
        TELLER.tell(seatBooked(performance, 7, reservation));

        awaitConsumed();

        onlyLetter(Topics.RESERVATION_EVENTS, performance.toString());
        assertThat(count("SELECT booked FROM seat_map_view WHERE performance_id = ?", performance.toString()))
                .isZero();
    }

    private List<String> filed(PerformanceId key) {
        return jdbc.sql("SELECT state FROM kafka_dead_letter WHERE record_key = ? AND consumer_group = ? ORDER BY id")
                .params(key.toString(), GROUP)
                .query(String.class)
                .list();
    }

    private long firstOf(PerformanceId key) {
        return count(
                "SELECT MIN(id) FROM kafka_dead_letter WHERE record_key = ? AND consumer_group = ? AND waiting",
                key.toString(),
                GROUP);
    }

    private long held(PerformanceId id) {
        return count("SELECT held FROM seat_map_view WHERE performance_id = ?", id.toString());
    }

    private WebTestClient.BodyContentSpec retry(long id) {
        return asOperator()
                .post()
                .uri("/api/admin/dead-letters/{id}/retry", id)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody();
    }

    private WebTestClient.ResponseSpec order(String path, String body) {
        return asOperator()
                .post()
                .uri("/api/admin/dead-letters/" + path)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(body)
                .exchange();
    }

    private ProducerRecord<String, byte[]> broken(String json) {
        ProducerRecord<String, byte[]> fine = TELLER.keepBack(seatHeld(performance, 3, reservation));
        return new ProducerRecord<>(
                fine.topic(), null, fine.key(), json.getBytes(StandardCharsets.UTF_8), fine.headers());
    }

    private static ConsumerRecord<String, byte[]> onlyLetter(String topic, String key) {
        List<ConsumerRecord<String, byte[]>> letters = TELLER.deadLetters(topic, key);
        assertThat(letters).hasSize(1);
        return letters.getFirst();
    }

    private static String text(ConsumerRecord<String, byte[]> record, String name) {
        return new String(header(record, name), StandardCharsets.UTF_8);
    }

    private static byte[] header(ConsumerRecord<String, byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        assertThat(header).as(name).isNotNull();
        return header.value();
    }
}
