package dev.onsale.query.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.ReservationId;
import dev.onsale.api.view.Page;
import dev.onsale.api.view.ReservationView;
import dev.onsale.platform.http.WebConfiguration;
import dev.onsale.query.paging.PageRequest;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Reservations")
class ReservationController {

    private static final String OPERATOR = "ROLE_" + WebConfiguration.OPERATOR;

    private final CurrentReservations current;
    private final Contacts contacts;

    ReservationController(CurrentReservations current, Contacts contacts) {
        this.current = current;
        this.contacts = contacts;
    }

    @GetMapping("/api/reservations/{reservationId}")
    @Operation(
            summary = "One of the caller's reservations; an operator reads any, without contact details",
            description = "Always as the event log has it, also while the read models are behind.")
    ReservationView reservation(
            @PathVariable ReservationId reservationId, @Parameter(hidden = true) Authentication caller) {
        return current.find(reservationId)
                .filter(paid -> isOf(caller, paid) || isOperator(caller))
                .map(paid -> isOf(caller, paid) ? contacts.ownView(paid) : paid.view())
                // Somebody else's is not told apart from none: its identifier is nobody else's business.
                .orElseThrow(() -> new RefusedException(
                        RefusalCode.RESERVATION_NOT_FOUND, "You have no reservation " + reservationId));
    }

    @GetMapping("/api/me/reservations")
    @Operation(
            summary = "The caller's reservations, newest first",
            description = "Always as the event log has it, also while the read models are behind.")
    Page<ReservationView> mine(
            BuyerId buyer,
            @RequestParam(defaultValue = PageRequest.LIMIT_DEFAULT) int limit,
            @RequestParam(required = false) @Nullable Long after) {
        PageRequest page = PageRequest.of(limit, after);
        return page.page(
                current.newestOf(buyer, page.before(), page.fetch()),
                paid -> paid.reservation().firstPosition(),
                contacts::ownView);
    }

    private static boolean isOf(Authentication caller, PaidReservation paid) {
        return paid.reservation().buyerId().equals(caller.getName());
    }

    private static boolean isOperator(Authentication caller) {
        return caller.getAuthorities().stream().anyMatch(authority -> OPERATOR.equals(authority.getAuthority()));
    }
}
