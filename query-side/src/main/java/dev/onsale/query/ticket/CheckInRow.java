package dev.onsale.query.ticket;

import dev.onsale.api.BuyerId;
import dev.onsale.api.OperatorId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.seat.TicketCheckedIn;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.Immutable;

/** The last use of a ticket of one seat. */
@Entity
@Immutable
@IdClass(CheckInKey.class)
@Table(name = "ticket_checkin")
class CheckInRow {

    @Id
    private String performanceId;

    @Id
    private String seat;

    private String reservationId;
    private String buyerId;
    private long fencingToken;
    private String checkedInBy;
    private Instant checkedInAt;

    @Column(name = "log_position")
    private long position;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields.
    protected CheckInRow() {}

    CheckInRow(TicketCheckedIn fact, long position) {
        performanceId = fact.seatId().performanceId().toString();
        seat = fact.seatId().seat().toString();
        reservationId = fact.reservationId().toString();
        buyerId = fact.buyerId().toString();
        fencingToken = fact.fencingToken();
        checkedInBy = fact.checkedInBy().toString();
        checkedInAt = fact.checkedInAt();
        this.position = position;
    }

    /** Whether the ticket of this booking was used, and not one of an earlier booking of the seat. */
    boolean isOf(ReservationId reservation, long token) {
        return reservationId.equals(reservation.toString()) && fencingToken == token;
    }

    CheckInKey key() {
        return new CheckInKey(performanceId, seat);
    }

    String seat() {
        return seat;
    }

    Instant checkedInAt() {
        return checkedInAt;
    }

    long position() {
        return position;
    }

    CheckIns.CheckIn view() {
        return new CheckIns.CheckIn(
                SeatLabel.of(seat),
                ReservationId.of(reservationId),
                BuyerId.of(buyerId),
                checkedInAt,
                OperatorId.of(checkedInBy));
    }
}
