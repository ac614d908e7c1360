package dev.onsale.query.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.view.ReservationView;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** A buyer's own reservations for other parts of the query side, always as the event log has them. */
@Component
public class OwnReservations {

    private final CurrentReservations current;

    OwnReservations(CurrentReservations current) {
        this.current = current;
    }

    /** The reservation without contact details; empty also if it is somebody else's. */
    public Optional<ReservationView> find(ReservationId id, BuyerId buyer) {
        return current.find(id)
                .filter(paid -> paid.reservation().buyerId().equals(buyer.toString()))
                .map(PaidReservation::view);
    }
}
