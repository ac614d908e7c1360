package dev.onsale.command.position;

import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.SeatId;
import dev.onsale.api.reservation.HeldSeat;
import dev.onsale.api.reservation.ReservationCancelled;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.eventlog.EventJson;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.stereotype.Component;

/** Looks up where the newest facts of an aggregate are. */
@Component
class LogPositions {

    private final NamedParameterJdbcTemplate jdbc;

    LogPositions(DataSource dataSource) {
        this.jdbc = new NamedParameterJdbcTemplate(dataSource);
    }

    /**
     * The sale of an aggregate and the position of its newest fact, together with that of what was written with it.
     *
     * @return {@code sale/position}, nothing for an aggregate without facts
     */
    Optional<String> newestOf(String aggregateId) {
        return jdbc
                .query(
                        "SELECT payload_type, payload_revision, payload, global_index FROM domain_event"
                                + " WHERE aggregate_identifier = :id ORDER BY sequence_number DESC LIMIT 1",
                        Map.of("id", aggregateId),
                        (row, number) -> {
                            OnsaleEvent fact = EventJson.read(row.getString(1), row.getInt(2), row.getBytes(3));
                            return fact.saleKey() + "/" + Math.max(row.getLong(4), newestOf(seats(fact)));
                        })
                .stream()
                .findFirst();
    }

    /** A seat has few facts; of a campaign with a million coupons only the newest is read. */
    private long newestOf(List<SeatId> seats) {
        if (seats.isEmpty()) {
            return 0;
        }
        Long position = jdbc.queryForObject(
                "SELECT MAX(global_index) FROM domain_event WHERE aggregate_identifier IN (:ids)",
                Map.of("ids", seats.stream().map(SeatId::toString).toList()),
                Long.class);
        return position == null ? 0 : position;
    }

    /** Seats that changed with a reservation: their facts may have been written after its own. */
    private static List<SeatId> seats(OnsaleEvent fact) {
        return switch (fact) {
            case ReservationHeld held ->
                held.seats().stream()
                        .map(HeldSeat::seat)
                        .map(seat -> new SeatId(held.performanceId(), seat))
                        .toList();
            case ReservationCancelled cancelled ->
                cancelled.seats().stream()
                        .map(seat -> new SeatId(cancelled.performanceId(), seat))
                        .toList();
            default -> List.of();
        };
    }
}
