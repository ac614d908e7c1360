package dev.onsale.query;

import static dev.onsale.query.ASale.aPerformance;
import static dev.onsale.query.ASale.scheduled;
import static dev.onsale.query.ASale.seatHeld;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.Topics;
import dev.onsale.embedded.Service;
import dev.onsale.testsupport.TestServices;
import org.junit.jupiter.api.Test;

/** A database that is away is waited for: no record is at fault, none becomes a dead letter. */
class DatabaseAwayTest extends QuerySideTest {

    /** More tries than a record gets that is itself at fault. */
    private static final int TRIES = 8;

    private final PerformanceId performance = aPerformance();
    private final ReservationId reservation = ReservationId.next();

    @Test
    void a_fact_that_one_of_its_tables_does_not_take_leaves_no_row_and_no_offset_and_is_taken_later() {
        awaitConsumed();
        jdbc.sql("RENAME TABLE seat_map_view TO seat_map_view_away").update();
        try {
            double tries = timesTried();
            // Plan and performance are written before the seat map is.
            TELLER.tell(scheduled(performance, 2));
            eventually("it was tried often").until(() -> timesTried() >= tries + TRIES);
            assertThat(uncommitted()).isPositive();
            assertThat(rows("performance_plan")).isZero();
            assertThat(rows("performance_view")).isZero();
        } finally {
            jdbc.sql("RENAME TABLE seat_map_view_away TO seat_map_view").update();
        }
        awaitConsumed();
        assertThat(rows("performance_plan")).isEqualTo(1);
        assertThat(rows("performance_view")).isEqualTo(1);
        assertThat(rows("seat_map_view")).isEqualTo(1);
        assertThat(TELLER.deadLetters(Topics.RESERVATION_EVENTS, performance.toString()))
                .isEmpty();
    }

    @Test
    void facts_told_while_the_database_is_down_are_taken_when_it_is_back() {
        TELLER.tell(scheduled(performance, 2));
        awaitConsumed();
        TestServices.embedded().kill(Service.MARIADB);
        try {
            double tries = timesTried();
            TELLER.tell(seatHeld(performance, 1, reservation));
            eventually("it was tried").until(() -> timesTried() > tries);
        } finally {
            TestServices.embedded().startAgain(Service.MARIADB);
        }
        awaitConsumed();
        assertThat(rows("seat_view")).isEqualTo(1);
        assertThat(TELLER.deadLetters(Topics.RESERVATION_EVENTS, performance.toString()))
                .isEmpty();
    }

    private double timesTried() {
        return counter("onsale.consumed.held.up", "group", "read-models");
    }

    private long uncommitted() {
        try {
            return TELLER.lag(GROUP);
        } catch (Exception e) {
            throw new IllegalStateException("Kafka does not tell its offsets", e);
        }
    }

    private long rows(String table) {
        return count("SELECT COUNT(*) FROM " + table + " WHERE performance_id = ?", performance.toString());
    }
}
