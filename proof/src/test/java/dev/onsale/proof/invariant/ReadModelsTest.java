package dev.onsale.proof.invariant;

import static dev.onsale.proof.invariant.HandMadeLog.SHOW;
import static dev.onsale.proof.invariant.HandMadeLog.aSale;
import static dev.onsale.proof.invariant.HandMadeLog.reservation;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.view.ReservationStatus;
import dev.onsale.api.view.SeatState;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReadModelsTest {

    private static final SeatLabel A1 = SeatLabel.of("A-1");
    private static final SeatLabel A2 = SeatLabel.of("A-2");
    private static final Map<SeatLabel, SeatState> SEATS = Map.of(A1, SeatState.BOOKED, A2, SeatState.AVAILABLE);
    private static final Map<ReservationId, ReservationStatus> RESERVATIONS =
            Map.of(reservation("r1"), ReservationStatus.CONFIRMED);

    private final LogFold log = aSale().sell("r1", "ada", "A-1", 1).fold();

    @Test
    void read_models_that_equal_the_log_are_no_finding() {
        assertThat(findings(SEATS, RESERVATIONS, 0)).isZero();
    }

    @Test
    void a_seat_that_reads_otherwise_is_found() {
        assertThat(findings(Map.of(A1, SeatState.HELD, A2, SeatState.AVAILABLE), RESERVATIONS, 0))
                .isEqualTo(1);
        assertThat(findings(Map.of(A1, SeatState.BOOKED, A2, SeatState.BOOKED), RESERVATIONS, 0))
                .isEqualTo(1);
    }

    @Test
    void a_sold_seat_that_the_map_does_not_have_is_found() {
        assertThat(findings(Map.of(A2, SeatState.AVAILABLE), RESERVATIONS, 0)).isEqualTo(1);
    }

    @Test
    void a_reservation_that_reads_otherwise_or_is_missing_is_found() {
        assertThat(findings(SEATS, Map.of(reservation("r1"), ReservationStatus.HELD), 0))
                .isEqualTo(1);
        assertThat(findings(SEATS, Map.of(), 0)).isEqualTo(1);
    }

    @Test
    void a_campaign_that_counts_otherwise_is_found() {
        assertThat(findings(SEATS, RESERVATIONS, 1)).isEqualTo(1);
    }

    private long findings(
            Map<SeatLabel, SeatState> seats, Map<ReservationId, ReservationStatus> reservations, long issued) {
        return new ReadModels(SHOW, seats, reservations, issued)
                .compareWith(log)
                .count(Invariant.READ_MODELS_EQUAL_THE_LOG);
    }
}
