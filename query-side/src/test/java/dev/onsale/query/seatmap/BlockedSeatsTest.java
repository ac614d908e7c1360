package dev.onsale.query.seatmap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.view.SeatCounts;
import dev.onsale.api.view.SeatState;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

class BlockedSeatsTest {

    @Test
    void a_seat_that_is_not_for_sale_is_blocked_and_not_counted_as_available() {
        BitSet notForSale = new BitSet();
        notForSale.set(1);
        notForSale.set(4);
        SeatMap map = SeatMap.empty(new SeatMapVersion(0, 0), 5, notForSale);
        map.set(3, SeatState.BOOKED);
        assertThat(map.letters()).isEqualTo("AXABX");
        assertThat(map.state(4)).isEqualTo(SeatState.BLOCKED);
        assertThat(map.counts()).isEqualTo(new SeatCounts(5, 2, 0, 1, 2));
    }
}
