package dev.onsale.command.bus;

import dev.onsale.api.AllowanceId;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.SeatId;
import dev.onsale.api.payment.InitiatePayment;
import dev.onsale.api.payment.RecordAuthorization;
import dev.onsale.api.payment.RecordCapture;
import dev.onsale.api.payment.RecordDecline;
import dev.onsale.api.payment.RecordDelay;
import dev.onsale.api.payment.RecordRefund;
import dev.onsale.api.payment.RecordVoid;
import dev.onsale.api.reservation.CancelReservation;
import dev.onsale.api.reservation.ConfirmReservation;
import dev.onsale.api.reservation.ExpireReservation;
import dev.onsale.api.reservation.FailPayment;
import dev.onsale.api.reservation.HoldBestSeats;
import dev.onsale.api.reservation.HoldSeats;
import dev.onsale.api.reservation.RequestPayment;
import dev.onsale.api.reservation.RevokeBooking;
import dev.onsale.api.seat.BlockSeats;
import dev.onsale.api.seat.SeatSelection;
import dev.onsale.api.seat.UnblockSeats;
import java.util.ArrayList;
import java.util.List;

/**
 * The short-lived aggregates a command will certainly ask for. Performances and campaigns are not among them: they are few, stay in
 * memory, and may be large.
 */
final class PrefetchTargets {

    private PrefetchTargets() {}

    static List<String> of(OnsaleCommand command) {
        return switch (command) {
            case HoldSeats hold -> ofHold(hold);
            case HoldBestSeats hold ->
                List.of(
                        hold.reservationId().toString(),
                        new AllowanceId(hold.performanceId(), hold.buyerId()).toString());
            case BlockSeats order -> ofSeats(order.performanceId(), order.selection());
            case UnblockSeats order -> ofSeats(order.performanceId(), order.selection());
            case RequestPayment order -> List.of(order.reservationId().toString());
            case ConfirmReservation order -> List.of(order.reservationId().toString());
            case FailPayment order -> List.of(order.reservationId().toString());
            case ExpireReservation order -> List.of(order.reservationId().toString());
            case CancelReservation order -> List.of(order.reservationId().toString());
            case InitiatePayment order -> List.of(order.paymentId().toString());
            case RecordAuthorization order -> List.of(order.paymentId().toString());
            case RecordDelay order -> List.of(order.paymentId().toString());
            case RevokeBooking order -> List.of(order.reservationId().toString());
            case RecordDecline order -> List.of(order.paymentId().toString());
            case RecordCapture order -> List.of(order.paymentId().toString());
            case RecordVoid order -> List.of(order.paymentId().toString());
            case RecordRefund order -> List.of(order.paymentId().toString());
            default -> List.of();
        };
    }

    private static List<String> ofHold(HoldSeats hold) {
        List<String> ids = new ArrayList<>();
        ids.add(hold.reservationId().toString());
        ids.add(new AllowanceId(hold.performanceId(), hold.buyerId()).toString());
        hold.seats().forEach(claim -> ids.add(new SeatId(hold.performanceId(), claim.seat()).toString()));
        return ids;
    }

    /** Of a zone only its writer knows the seats. */
    private static List<String> ofSeats(PerformanceId performance, SeatSelection selection) {
        return selection.seats().stream()
                .map(seat -> new SeatId(performance, seat).toString())
                .toList();
    }
}
