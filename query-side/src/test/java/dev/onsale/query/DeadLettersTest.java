package dev.onsale.query;

import static dev.onsale.query.ASale.ALICE;
import static dev.onsale.query.ASale.aPerformance;
import static dev.onsale.query.ASale.held;
import static dev.onsale.query.ASale.issued;
import static dev.onsale.query.ASale.launched;
import static dev.onsale.query.ASale.scheduled;
import static dev.onsale.query.ASale.seatBooked;
import static dev.onsale.query.ASale.seatHeld;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.support.KafkaHeaders;

/** A record that cannot be consumed is put aside, and what comes after it goes on. */
class DeadLettersTest extends QuerySideTest {

    private final PerformanceId performance = aPerformance();
    private final ReservationId reservation = ReservationId.next();

    @Test
    void an_unreadable_record_is_put_aside_at_once_and_its_successors_are_consumed() {
        TELLER.tell(scheduled(performance, 3));
        TELLER.tell(seatHeld(performance, 1, reservation));
        TELLER.send(broken("{\"seatId\":"));
        TELLER.tell(seatHeld(performance, 2, reservation));
        double counted = counter("onsale.dead.letters", "topic", Topics.RESERVATION_EVENTS);

        awaitConsumed();

        assertThat(count("SELECT held FROM seat_map_view WHERE performance_id = ?", performance.toString()))
                .isEqualTo(2);
        ConsumerRecord<String, byte[]> letter = onlyLetter(Topics.RESERVATION_EVENTS, performance.toString());
        assertThat(new String(letter.value(), StandardCharsets.UTF_8)).isEqualTo("{\"seatId\":");
        assertThat(text(letter, Topics.HEADER_TYPE)).isEqualTo("onsale.seat-held.v1");
        assertThat(text(letter, KafkaHeaders.DLT_ORIGINAL_TOPIC)).isEqualTo(Topics.RESERVATION_EVENTS);
        assertThat(ByteBuffer.wrap(header(letter, KafkaHeaders.DLT_ORIGINAL_PARTITION))
                        .getInt())
                .isBetween(0, 2);
        assertThat(ByteBuffer.wrap(header(letter, KafkaHeaders.DLT_ORIGINAL_OFFSET))
                        .getLong())
                .isNotNegative();
        assertThat(text(letter, KafkaHeaders.DLT_EXCEPTION_FQCN)).endsWith("UnreadableFactException");
        assertThat(text(letter, "onsale_dlt-attempts")).isEqualTo("1");
        assertThat(counter("onsale.dead.letters", "topic", Topics.RESERVATION_EVENTS))
                .isGreaterThanOrEqualTo(counted);
    }

    @Test
    void a_record_without_position_or_of_a_version_to_come_is_put_aside() {
        TELLER.tell(scheduled(performance, 3));
        ProducerRecord<String, byte[]> noPosition = TELLER.keepBack(seatHeld(performance, 1, reservation));
        noPosition.headers().remove(Topics.HEADER_POSITION);
        ProducerRecord<String, byte[]> version2 = TELLER.keepBack(seatHeld(performance, 2, reservation));
        Teller.header(version2, Topics.HEADER_TYPE, "onsale.seat-held.v2");
        TELLER.send(noPosition);
        TELLER.send(version2);
        TELLER.tell(seatHeld(performance, 3, reservation));

        awaitConsumed();

        assertThat(count("SELECT held FROM seat_map_view WHERE performance_id = ?", performance.toString()))
                .isEqualTo(1);
        assertThat(TELLER.deadLetters(Topics.RESERVATION_EVENTS, performance.toString()))
                .hasSize(2);
    }

    @Test
    void a_type_that_nobody_here_knows_is_skipped_and_counted() {
        TELLER.tell(scheduled(performance, 3));
        ProducerRecord<String, byte[]> unknown = TELLER.keepBack(seatHeld(performance, 1, reservation));
        Teller.header(unknown, Topics.HEADER_TYPE, "onsale.seat-polished.v1");
        double skipped = counter("onsale.consumed.events", "type", "unknown", "outcome", "unknown");

        TELLER.send(unknown);
        awaitConsumed();

        assertThat(counter("onsale.consumed.events", "type", "unknown", "outcome", "unknown"))
                .isGreaterThanOrEqualTo(skipped + 1);
        assertThat(TELLER.deadLetters(Topics.RESERVATION_EVENTS, performance.toString()))
                .isEmpty();
    }

    @Test
    void facts_of_a_performance_never_heard_of_are_dead_letters_that_can_be_told_again_in_order() {
        var scheduled = TELLER.keepBack(scheduled(performance, 2));
        var seatHeld = TELLER.tell(seatHeld(performance, 1, reservation));
        TELLER.tell(held(performance, reservation, ALICE, 1));
        awaitConsumed();
        assertThat(text(onlyLetter(Topics.RESERVATION_EVENTS, performance.toString()), "onsale_dlt-attempts"))
                .isEqualTo("1");
        assertThat(count("SELECT COUNT(*) FROM reservation_view WHERE reservation_id = ?", reservation.toString()))
                .isEqualTo(1);

        TELLER.send(scheduled);
        TELLER.send(seatHeld);
        awaitConsumed();

        assertThat(count("SELECT held FROM seat_map_view WHERE performance_id = ?", performance.toString()))
                .isEqualTo(1);
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
