package dev.onsale.query.seatmap;

import dev.onsale.api.view.SeatState;
import java.util.Collection;
import java.util.List;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;
import org.springframework.data.repository.query.Param;

interface SeatRepository extends Repository<SeatRow, SeatKey> {

    /** Every seat with one of the labels in any of the performances: one query for a batch, at most a few rows too many. */
    @Query("select s from SeatRow s where s.performanceId in :performances and s.seat in :seats")
    List<SeatRow> findIn(
            @Param("performances") Collection<String> performances, @Param("seats") Collection<String> seats);

    @Query("select s.seat as seat, s.state as state from SeatRow s where s.performanceId = :performance"
            + " and s.state <> dev.onsale.api.view.SeatState.AVAILABLE")
    List<Taken> findTaken(@Param("performance") String performance);

    /** A seat that is not available. */
    interface Taken {
        String getSeat();

        SeatState getState();
    }
}
