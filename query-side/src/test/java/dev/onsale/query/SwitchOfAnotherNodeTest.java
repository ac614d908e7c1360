package dev.onsale.query;

import static dev.onsale.query.ASale.aPerformance;
import static dev.onsale.query.ASale.scheduled;
import static dev.onsale.query.ASale.seatHeld;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.redis.core.StringRedisTemplate;

/** Another node exchanges the tables of the seat map. This one then changes the copies of the new tables. */
class SwitchOfAnotherNodeTest extends QuerySideTest {

    @Autowired
    @SuppressWarnings("NullAway.Init") // Spring fills the fields.
    private StringRedisTemplate redis;

    @Test
    void after_a_switch_elsewhere_no_copy_of_the_tables_before_it_is_written() {
        PerformanceId performance = aPerformance();
        TELLER.tell(scheduled(performance, 4));
        TELLER.tell(seatHeld(performance, 1, ReservationId.next()));
        awaitConsumed();
        http.get()
                .uri("/api/performances/" + performance + "/seat-map")
                .exchange()
                .expectStatus()
                .isOk();
        jdbc.sql("INSERT INTO projection_generation (name, generation) VALUES ('seat-map', 1)"
                        + " ON DUPLICATE KEY UPDATE generation = generation + 1")
                .update();
        long generation = count("SELECT generation FROM projection_generation WHERE name = 'seat-map'");
        TELLER.tell(seatHeld(performance, 2, ReservationId.next()));
        awaitConsumed();
        assertThat(redis.keys("onsale:{" + performance + "}:seat-map:" + generation))
                .as("a copy of the new tables")
                .hasSize(1);
    }
}
