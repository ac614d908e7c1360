package dev.onsale.query;

import static dev.onsale.query.ASale.aPerformance;
import static dev.onsale.query.ASale.scheduled;
import static dev.onsale.query.ASale.seatBooked;
import static dev.onsale.query.ASale.seatHeld;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.query.readmodel.Fact;
import dev.onsale.query.readmodel.Facts;
import dev.onsale.query.readmodel.Folding;
import dev.onsale.query.readmodel.ReadModel;
import dev.onsale.query.readmodel.ReadModels;
import dev.onsale.query.readmodel.RowSink;
import jakarta.persistence.EntityManager;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcOperations;

/** A fold on tables beside the live ones, a page of the log at a time, as a rebuild runs it. */
class FoldingTest extends QuerySideTest {

    private static final String SUFFIX = "__folded";

    private final PerformanceId performance = aPerformance();
    private final ReservationId reservation = ReservationId.next();

    @Autowired
    @SuppressWarnings("NullAway.Init") // Spring fills the fields.
    private ReadModels models;

    @Autowired
    @SuppressWarnings("NullAway.Init") // Spring fills the fields.
    private EntityManager entities;

    @Autowired
    @SuppressWarnings("NullAway.Init") // Spring fills the fields.
    private JdbcOperations tables;

    @BeforeEach
    void make() {
        drop();
        seatMap()
                .tables()
                .forEach(table -> tables.execute("CREATE TABLE " + table.name() + SUFFIX + " LIKE " + table.name()));
    }

    @AfterEach
    void drop() {
        seatMap().tables().forEach(table -> tables.execute("DROP TABLE IF EXISTS " + table.name() + SUFFIX));
    }

    private ReadModel<?> seatMap() {
        return models.find("seat-map").orElseThrow();
    }

    private void fold(boolean fromNothing, List<OnsaleEvent> log, long... sequences) {
        Folding<?> folding = new Folding<>(seatMap(), entities, SUFFIX, fromNothing);
        for (int index = 0; index < log.size(); index++) {
            folding.take(new Facts(List.of(new Fact<>(log.get(index), index + 1L, sequences[index]))));
        }
        folding.flush(RowSink.inOrder(tables));
    }

    private void expect(int held, int booked, int facts) {
        assertThat(count(
                        "SELECT held * 10000 + booked * 100 + facts FROM seat_map_view__folded WHERE performance_id = ?",
                        performance.toString()))
                .isEqualTo(held * 10_000L + booked * 100L + facts);
    }

    @Test
    void a_fold_over_the_log_again_goes_on_with_the_rows_that_are_there() {
        List<OnsaleEvent> log = List.of(
                scheduled(performance, 9),
                seatHeld(performance, 1, reservation),
                seatHeld(performance, 2, reservation),
                seatBooked(performance, 2, reservation));
        fold(true, log.subList(0, 3), 0, 0, 0);
        expect(2, 0, 2);
        fold(false, log, 0, 0, 0, 1);
        expect(1, 1, 3);
    }
}
