package dev.onsale.query;

import static dev.onsale.query.ASale.aPerformance;
import static dev.onsale.query.ASale.seatHeld;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.ReservationId;
import dev.onsale.api.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;
import org.springframework.http.MediaType;
import org.springframework.kafka.support.KafkaHeaders;

/** What notifications and the waiting room could not take is listed, given back and dropped like the read models' own. */
class NeighbourLettersTest extends QuerySideTest {

    private final String sale = aPerformance().toString();

    @Test
    void a_dead_notification_is_given_back_to_notifications_alone_without_the_marks_of_its_failure() {
        long first = filed(dead(Topics.NOTIFICATION_DEAD_LETTERS, "java.net.ConnectException", "mail is away"), 1);
        dead(Topics.NOTIFICATION_DEAD_LETTERS, "java.net.ConnectException", "mail is away");
        awaitFiled(2);
        asOperator()
                .get()
                .uri("/api/admin/dead-letters?group=notifications&key={key}&state=DEAD", sale)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.items.length()")
                .isEqualTo(2)
                .jsonPath("$.items[1].exception")
                .isEqualTo("java.net.ConnectException")
                .jsonPath("$.items[1].problem")
                .isEqualTo("mail is away");

        asOperator()
                .post()
                .uri("/api/admin/dead-letters/retry?group=notifications&key={key}", sale)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.taken")
                .isEqualTo(2)
                .jsonPath("$.more")
                .isEqualTo(false);

        List<ConsumerRecord<String, byte[]>> again = TELLER.records(Topics.NOTIFICATION_RETRIES, sale);
        assertThat(again).hasSize(2);
        assertThat(new String(again.getFirst().value(), StandardCharsets.UTF_8)).contains("\"reservationId\"");
        assertThat(StreamSupport.stream(again.getFirst().headers().spliterator(), false)
                        .map(Header::key))
                .contains(Topics.HEADER_TYPE, Topics.HEADER_ID)
                .noneMatch(name -> name.startsWith("kafka_dlt-"));
        assertThat(TELLER.records(Topics.RESERVATION_EVENTS, sale))
                .as("told to nobody else")
                .isEmpty();
        assertThat(states()).containsExactly("RETRIED", "RETRIED");
        refused(first, "DEAD_LETTER_SETTLED");
    }

    @Test
    void a_join_that_could_not_be_taken_goes_back_into_the_queue_or_is_dropped_with_a_reason() {
        long taken = filed(dead(Topics.WAITING_ROOM_JOIN_DEAD_LETTERS, "java.lang.IllegalStateException", "why"), 1);
        asOperator()
                .post()
                .uri("/api/admin/dead-letters/{id}/retry", taken)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.taken")
                .isEqualTo(1);
        assertThat(TELLER.records(Topics.WAITING_ROOM_JOINS, sale)).hasSize(1);

        long dropped = filed(dead(Topics.WAITING_ROOM_JOIN_DEAD_LETTERS, "java.lang.IllegalStateException", "why"), 2);
        asOperator()
                .post()
                .uri("/api/admin/dead-letters/{id}/drop", dropped)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"reason\":\"the sale is over\"}")
                .exchange()
                .expectStatus()
                .isOk();
        assertThat(states()).containsExactly("RETRIED", "DROPPED");
        assertThat(TELLER.records(Topics.WAITING_ROOM_JOINS, sale)).hasSize(1);
    }

    private ProducerRecord<String, byte[]> dead(String topic, String exception, String message) {
        ProducerRecord<String, byte[]> fact = TELLER.keepBack(seatHeld(aPerformance(), 1, ReservationId.next()));
        ProducerRecord<String, byte[]> letter = new ProducerRecord<>(topic, null, sale, fact.value(), fact.headers());
        Teller.header(letter, KafkaHeaders.DLT_EXCEPTION_FQCN, exception);
        Teller.header(letter, KafkaHeaders.DLT_EXCEPTION_MESSAGE, message);
        return TELLER.send(letter);
    }

    /** Waits for the newest to be filed and answers with its identifier. */
    private long filed(ProducerRecord<String, byte[]> letter, int inAll) {
        assertThat(letter.key()).isEqualTo(sale);
        awaitFiled(inAll);
        return count("SELECT MAX(id) FROM kafka_dead_letter WHERE record_key = ?", sale);
    }

    private void awaitFiled(int letters) {
        eventually("the dead letters are filed").until(() -> states().size() == letters);
    }

    private List<String> states() {
        return jdbc.sql("SELECT state FROM kafka_dead_letter WHERE record_key = ? ORDER BY id")
                .params(sale)
                .query(String.class)
                .list();
    }

    private void refused(long id, String code) {
        asOperator()
                .post()
                .uri("/api/admin/dead-letters/{id}/retry", id)
                .exchange()
                .expectStatus()
                .isEqualTo(409)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo(code);
    }
}
