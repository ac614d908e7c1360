package dev.onsale.query.seatmap;

import dev.onsale.api.seat.SeatBlocked;
import dev.onsale.api.seat.SeatBooked;
import dev.onsale.api.seat.SeatEvent;
import dev.onsale.api.seat.SeatFreed;
import dev.onsale.api.seat.SeatHeld;
import dev.onsale.api.seat.SeatHoldExpired;
import dev.onsale.api.seat.SeatReleased;
import dev.onsale.api.seat.SeatUnblocked;
import dev.onsale.api.seat.TicketCheckedIn;
import dev.onsale.api.view.SeatState;
import dev.onsale.query.readmodel.VersionedRow;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** One seat that has ever been held or blocked. */
@Entity
@Immutable
@IdClass(SeatKey.class)
@Table(name = "seat_view")
class SeatRow extends VersionedRow {

    @Id
    private String performanceId;

    @Id
    private String seat;

    @Enumerated(EnumType.STRING)
    private SeatState state;

    @SuppressWarnings("UnusedVariable") // Written by the declaration of the table.
    private @Nullable String reservationId;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields.
    protected SeatRow() {}

    /** A seat before its first fact. */
    SeatRow(SeatKey key) {
        performanceId = key.performanceId();
        seat = key.seat();
        state = SeatState.AVAILABLE;
    }

    void become(SeatEvent event) {
        state = switch (event) {
            case SeatHeld held -> SeatState.HELD;
            case SeatBooked booked -> SeatState.BOOKED;
            case TicketCheckedIn used -> SeatState.BOOKED;
            case SeatReleased released -> SeatState.AVAILABLE;
            case SeatHoldExpired expired -> SeatState.AVAILABLE;
            case SeatFreed freed -> SeatState.AVAILABLE;
            case SeatBlocked blocked -> SeatState.BLOCKED;
            case SeatUnblocked unblocked -> SeatState.AVAILABLE;
        };
        reservationId =
                state == SeatState.HELD || state == SeatState.BOOKED ? String.valueOf(event.reservationId()) : null;
    }

    SeatKey key() {
        return new SeatKey(performanceId, seat);
    }

    SeatState state() {
        return state;
    }
}
