package dev.onsale.query;

import static dev.onsale.query.ASale.NOON;
import static dev.onsale.query.ASale.aPerformance;
import static dev.onsale.query.ASale.scheduled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.OperatorId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.performance.SaleClosed;
import dev.onsale.eventlog.EventJson;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** What was written and told before a version was left behind is read as if it were of today. */
class OldVersionsTest extends QuerySideTest {

    private final PerformanceId performance = aPerformance();
    private final String old = "{\"performanceId\":\"" + performance + "\",\"closedAt\":\"" + NOON + "\"}";

    private boolean isClosed() {
        return jdbc.sql("SELECT closed_by_operator FROM performance_view WHERE performance_id = ?")
                .param(performance.toString())
                .query(Boolean.class)
                .single();
    }

    @Test
    void a_record_of_an_old_version_is_taken_as_one_of_today() {
        TELLER.tell(scheduled(performance, 2));
        ProducerRecord<String, byte[]> today =
                TELLER.keepBack(new SaleClosed(performance, OperatorId.of("olivia"), NOON));
        ProducerRecord<String, byte[]> before = new ProducerRecord<>(
                today.topic(), null, today.key(), old.getBytes(StandardCharsets.UTF_8), today.headers());
        Teller.header(before, "ce_type", "onsale.sale-closed.v1");
        TELLER.send(before);
        awaitConsumed();
        assertThat(isClosed()).isTrue();
        assertThat(TELLER.deadLetters(today.topic(), performance.toString())).isEmpty();
    }

    @Test
    void a_stored_fact_of_an_old_version_is_rebuilt_from_and_audited_as_it_was_written() {
        jdbc.sql("DELETE FROM domain_event").update();
        jdbc.sql("ALTER TABLE domain_event AUTO_INCREMENT = 1").update();
        jdbc.sql("DELETE FROM projection_rebuild").update();
        store(0, "onsale.performance-scheduled", EventJson.mapper().writeValueAsString(scheduled(performance, 2)));
        store(1, "onsale.sale-closed", old);
        asOperator()
                .post()
                .uri("/api/admin/projections/performances/rebuild")
                .exchange()
                .expectStatus()
                .isAccepted();
        eventually("the performances are rebuilt").untilAsserted(() -> assertThat(
                        jdbc.sql("SELECT state FROM projection_rebuild WHERE name = 'performances'")
                                .query(String.class)
                                .single())
                .isEqualTo("SWITCHED"));
        assertThat(isClosed()).isTrue();
        asOperator()
                .get()
                .uri("/api/audit/events?type=onsale.sale-closed")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.events[0].version")
                .isEqualTo(1)
                .jsonPath("$.events[0].payload.closedBy")
                .doesNotExist();
    }

    private void store(long sequence, String type, String payload) {
        jdbc.sql("INSERT INTO domain_event (event_identifier, aggregate_identifier, sequence_number, type, time_stamp,"
                        + " payload_type, payload_revision, payload) VALUES (?, ?, ?, 'Performance',"
                        + " '2026-06-01T12:00:00Z', ?, '1', ?)")
                .params(
                        UUID.randomUUID().toString(),
                        performance.toString(),
                        sequence,
                        type,
                        payload.getBytes(StandardCharsets.UTF_8))
                .update();
    }

    @Test
    void the_schemas_of_all_versions_are_there_for_everybody() {
        http.get()
                .uri("/api/schemas")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.schemas[?(@=='onsale.sale-closed.v1')]")
                .exists()
                .jsonPath("$.schemas[?(@=='onsale.sale-closed.v2')]")
                .exists();
        http.get()
                .uri("/api/schemas/onsale.sale-closed.v2")
                .exchange()
                .expectStatus()
                .isOk()
                .expectHeader()
                .contentType("application/schema+json")
                .expectBody()
                .jsonPath("$.required[1]")
                .isEqualTo("closedBy");
        for (String unknown : new String[] {"onsale.sale-closed.v3", "..%2F..%2Fapplication", "onsale.seat-held"}) {
            http.get().uri("/api/schemas/" + unknown).exchange().expectStatus().is4xxClientError();
        }
    }
}
