package dev.onsale.query.reservation;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.ReservationId;
import dev.onsale.api.payment.PaymentEvent;
import dev.onsale.api.reservation.ReservationEvent;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.api.view.ReservationView;
import dev.onsale.eventlog.StoredEvent;
import dev.onsale.query.past.HistoricalLog;
import dev.onsale.query.past.LogMoment;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Folds the store itself: what the read models said then does not matter. */
@RestController
@Tag(name = "Audit")
class PastReservationController {

    private final HistoricalLog log;

    PastReservationController(HistoricalLog log) {
        this.log = log;
    }

    @GetMapping("/api/audit/reservations/{reservationId}")
    @Operation(
            summary = "A reservation at a past position or instant",
            description = "As of a position of the log (position), or of what was written down by an instant (asOf).")
    ReservationView reservation(
            @PathVariable ReservationId reservationId,
            @RequestParam(required = false) @Nullable Long position,
            @RequestParam(required = false) @Nullable Instant asOf) {
        LogMoment moment = log.moment(position, asOf);
        @Nullable ReservationRow row = null;
        for (StoredEvent event : log.ofAggregate(reservationId.toString(), "Reservation", moment)) {
            ReservationEvent fact = log.fact(event, ReservationEvent.class);
            if (fact instanceof ReservationHeld held) {
                row = new ReservationRow(held, event.position());
            }
            if (row != null) {
                row.become(fact);
            }
        }
        if (row == null) {
            throw new RefusedException(
                    RefusalCode.RESERVATION_NOT_FOUND, "There was no reservation " + reservationId + " then");
        }
        return row.view(payment(row.paymentId(), moment));
    }

    private @Nullable PaymentRow payment(@Nullable String paymentId, LogMoment moment) {
        @Nullable PaymentRow row = null;
        if (paymentId != null) {
            for (StoredEvent event : log.ofAggregate(paymentId, "Payment", moment)) {
                PaymentEvent fact = log.fact(event, PaymentEvent.class);
                row = row == null ? new PaymentRow(fact) : row;
                row.become(fact);
            }
        }
        return row;
    }
}
