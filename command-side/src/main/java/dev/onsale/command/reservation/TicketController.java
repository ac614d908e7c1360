package dev.onsale.command.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.OperatorId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.seat.CheckInTicket;
import dev.onsale.api.seat.TicketCheckedIn;
import dev.onsale.command.bus.CommandSender;
import dev.onsale.eventlog.ticket.Ticket;
import dev.onsale.eventlog.ticket.TicketKeys;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The entrance of the hall: tickets are used, and whoever wants to can check their signatures. */
@RestController
@Tag(name = "Tickets")
class TicketController {

    private final TicketKeys keys;
    private final CommandSender commands;

    TicketController(TicketKeys keys, CommandSender commands) {
        this.keys = keys;
        this.commands = commands;
    }

    record CheckedInAnswer(
            PerformanceId performanceId,
            SeatLabel seat,
            ReservationId reservationId,
            BuyerId buyerId,
            Instant checkedInAt,
            OperatorId checkedInBy) {

        static CheckedInAnswer of(TicketCheckedIn fact) {
            return new CheckedInAnswer(
                    fact.seatId().performanceId(),
                    fact.seatId().seat(),
                    fact.reservationId(),
                    fact.buyerId(),
                    fact.checkedInAt(),
                    fact.checkedInBy());
        }
    }

    @Operation(
            summary = "Use a ticket at the entrance, once",
            description =
                    "Operators only. The seat itself decides, so a ticket whose booking was cancelled or changed is"
                            + " refused. 400 TICKET_INVALID for a code that is not signed by this system; 409 TICKET_VOID, and"
                            + " TICKET_USED with the seat and the time of the first use in errors. After a lost answer a repeat"
                            + " is refused with TICKET_USED and the time of the first try.")
    @PostMapping("/api/admin/tickets/{code}/checkin")
    Mono<CheckedInAnswer> checkIn(@PathVariable String code, @Parameter(hidden = true) Authentication operator) {
        return Mono.fromCallable(() -> verified(code))
                .subscribeOn(Schedulers.boundedElastic())
                .flatMap(ticket -> Mono.fromCompletionStage(() -> commands.send(
                        new CheckInTicket(
                                ticket.seatId(),
                                ticket.reservationId(),
                                ticket.fencingToken(),
                                OperatorId.of(operator.getName())),
                        TicketCheckedIn.class)))
                .map(CheckedInAnswer::of);
    }

    private Ticket verified(String code) {
        return keys.ticketOf(code)
                .orElseThrow(
                        () -> new RefusedException(RefusalCode.TICKET_INVALID, "This is no ticket of this system"));
    }

    /** Public, so that a scanner can check tickets without a connection. */
    @Operation(
            summary = "Get the public keys of the tickets as a JWK set",
            description =
                    "A ticket is a JSON Web Signature (ES256) of the type onsale-ticket with seat, reservation and"
                            + " token. A right signature says that the seat was booked; only the check-in knows whether it still"
                            + " is.")
    @GetMapping(path = "/.well-known/ticket-keys", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<Map<String, Object>> published() {
        return Mono.fromCallable(() -> keys.published().toPublicJWKSet().toJSONObject())
                .subscribeOn(Schedulers.boundedElastic());
    }
}
