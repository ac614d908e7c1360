package dev.onsale.query.ticket;

import dev.onsale.api.BuyerId;
import dev.onsale.api.Money;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.reservation.HeldSeat;
import dev.onsale.api.view.Page;
import dev.onsale.api.view.ReservationStatus;
import dev.onsale.api.view.ReservationView;
import dev.onsale.eventlog.ticket.Ticket;
import dev.onsale.eventlog.ticket.TicketKeys;
import dev.onsale.query.paging.PageRequest;
import dev.onsale.query.reservation.OwnReservations;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Tickets for their buyers, and the list of the entrance for operators. */
@RestController
@Tag(name = "Tickets")
class TicketController {

    private final OwnReservations reservations;
    private final TicketKeys keys;
    private final CheckInRepository checkIns;

    TicketController(OwnReservations reservations, TicketKeys keys, CheckInRepository checkIns) {
        this.reservations = reservations;
        this.keys = keys;
        this.checkIns = checkIns;
    }

    /**
     * @param items one for each booked seat; empty unless the reservation is booked
     */
    record Tickets(ReservationId reservationId, PerformanceId performanceId, List<TicketView> items) {}

    /**
     * @param code signed, and another one at each request; all are right
     * @param checkedInAt when the ticket was used, as far as the read models know; absent before
     */
    record TicketView(
            SeatLabel seat,
            String category,
            Money price,
            String code,
            @Nullable Instant checkedInAt) {}

    @Operation(
            summary = "The tickets of one of the caller's reservations",
            description = "One for each booked seat; none unless the reservation is booked. The code is a JSON Web"
                    + " Signature by a key of /.well-known/ticket-keys. 404 RESERVATION_NOT_FOUND; 503"
                    + " TEMPORARILY_UNAVAILABLE without a master key.")
    @GetMapping("/api/reservations/{reservationId}/tickets")
    Tickets tickets(@PathVariable ReservationId reservationId, BuyerId buyer) {
        ReservationView reservation = reservation(reservationId, buyer);
        List<HeldSeat> booked = reservation.status() == ReservationStatus.CONFIRMED ? reservation.seats() : List.of();
        Map<String, CheckInRow> used = used(reservation.performanceId(), booked);
        return new Tickets(
                reservationId,
                reservation.performanceId(),
                booked.stream()
                        .map(seat -> new TicketView(
                                seat.seat(),
                                seat.category(),
                                seat.price(),
                                keys.sign(ticket(reservation, seat)),
                                usedAt(used.get(seat.seat().toString()), reservation, seat)))
                        .toList());
    }

    @Operation(
            summary = "The code of a ticket as a QR code",
            description =
                    "An SVG image. 404 RESERVATION_NOT_FOUND, and TICKET_NOT_FOUND for a seat that is not booked by"
                            + " the reservation; 503 TEMPORARILY_UNAVAILABLE without a master key.")
    @GetMapping(path = "/api/reservations/{reservationId}/tickets/qr-code", produces = "image/svg+xml")
    ResponseEntity<String> qrCode(
            @PathVariable ReservationId reservationId, @RequestParam SeatLabel seat, BuyerId buyer) {
        ReservationView reservation = reservation(reservationId, buyer);
        Ticket ticket = reservation.seats().stream()
                .filter(held -> reservation.status() == ReservationStatus.CONFIRMED
                        && held.seat().equals(seat))
                .findFirst()
                .map(held -> ticket(reservation, held))
                .orElseThrow(() -> new RefusedException(
                        RefusalCode.TICKET_NOT_FOUND, "The reservation has no ticket for seat " + seat));
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(QrCodes.svg(keys.sign(ticket)));
    }

    @Operation(
            summary = "Used tickets of a performance, the last first, with their number",
            description = "Operators only. A moment behind the check-in.")
    @GetMapping("/api/admin/performances/{performanceId}/checkins")
    CheckIns checkIns(
            @PathVariable PerformanceId performanceId,
            @RequestParam(defaultValue = PageRequest.LIMIT_DEFAULT) int limit,
            @RequestParam(required = false) @Nullable Long after) {
        PageRequest page = PageRequest.of(limit, after);
        List<CheckInRow> rows = checkIns.newestOf(performanceId.toString(), page.before(), page.fetch());
        Page<CheckIns.CheckIn> shown = page.page(rows, CheckInRow::position, CheckInRow::view);
        return new CheckIns(
                performanceId, checkIns.countByPerformanceId(performanceId.toString()), shown.items(), shown.next());
    }

    private ReservationView reservation(ReservationId id, BuyerId buyer) {
        return reservations
                .find(id, buyer)
                .orElseThrow(
                        () -> new RefusedException(RefusalCode.RESERVATION_NOT_FOUND, "You have no reservation " + id));
    }

    private static Ticket ticket(ReservationView reservation, HeldSeat seat) {
        return new Ticket(
                new SeatId(reservation.performanceId(), seat.seat()), reservation.reservationId(), seat.fencingToken());
    }

    private Map<String, CheckInRow> used(PerformanceId performance, List<HeldSeat> seats) {
        if (seats.isEmpty()) {
            return Map.of();
        }
        List<String> labels = seats.stream().map(seat -> seat.seat().toString()).toList();
        return checkIns.findByPerformanceIdAndSeatIn(performance.toString(), labels).stream()
                .collect(Collectors.toMap(CheckInRow::seat, Function.identity()));
    }

    private static @Nullable Instant usedAt(@Nullable CheckInRow row, ReservationView reservation, HeldSeat seat) {
        return row != null && row.isOf(reservation.reservationId(), seat.fencingToken()) ? row.checkedInAt() : null;
    }
}
