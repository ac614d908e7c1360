package dev.onsale.command.seating;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.SeatLabel;
import dev.onsale.api.performance.SeatingPlan;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NotOfferedSeatsTest {

    @Test
    void a_seat_that_is_not_for_sale_is_never_among_the_best_and_does_not_count_as_free() {
        List<SeatingPlan.Seat> seats = IntStream.range(0, 6)
                .mapToObj(i -> new SeatingPlan.Seat(SeatLabel.of("s" + i), "" + i, i % 2, 25 * i, 0))
                .toList();
        SeatingPlan plan = new SeatingPlan(
                        "Hall",
                        List.of(new SeatingPlan.Category("I", ""), new SeatingPlan.Category("House", "")),
                        List.of(new SeatingPlan.Zone("A", 0, 0, List.of(new SeatingPlan.Row("1", 0, 0, seats)))),
                        1,
                        1)
                .offering(Set.of("I"));
        FreeSeats free = new FreeSeats(plan);
        assertThat(free.best(3, null, Instant.EPOCH).orElseThrow())
                .containsExactlyInAnyOrder(SeatLabel.of("s0"), SeatLabel.of("s2"), SeatLabel.of("s4"));
        assertThat(free.best(4, null, Instant.EPOCH)).isEmpty();
        assertThat(free.best(1, "House", Instant.EPOCH)).isEmpty();
    }
}
