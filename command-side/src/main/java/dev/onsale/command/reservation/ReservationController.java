package dev.onsale.command.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.Ids;
import dev.onsale.api.InvalidValueException;
import dev.onsale.api.Money;
import dev.onsale.api.OperatorId;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.Texts;
import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.api.personal.ContactDetails;
import dev.onsale.api.reservation.CancelReservation;
import dev.onsale.api.reservation.HeldSeat;
import dev.onsale.api.reservation.ReservationCancelled;
import dev.onsale.api.reservation.ReservationEvent;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.api.reservation.ReservationPartlyCancelled;
import dev.onsale.command.bus.OptionalBody;
import dev.onsale.platform.http.Caller;
import dev.onsale.platform.http.IdempotencyKey;
import dev.onsale.platform.idempotency.NaturallyIdempotent;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

@RestController
@Tag(name = "Reservations")
class ReservationController {

    private static final int CARD_TOKEN_LENGTH_MAX = 200;

    private final HoldService holds;
    private final PaymentService payments;
    private final HoldMetrics metrics;

    ReservationController(HoldService holds, PaymentService payments, HoldMetrics metrics) {
        this.holds = holds;
        this.payments = payments;
        this.metrics = metrics;
    }

    /**
     * Either seats or a quantity.
     *
     * @param seats labels of the seating plan
     * @param quantity how many of the best free seats
     * @param category the price category they must be of; absent for any
     */
    record HoldRequest(
            @Schema(description = "Labels of the seating plan. Either these or a quantity.") @Nullable
            List<@Nullable SeatLabel> seats,

            @Schema(
                    description = "How many of the best free seats, beside each other where possible. Either this or"
                            + " seats.",
                    minimum = "1")
            @Nullable
            Integer quantity,

            @Schema(description = "The price category of the best seats; absent for any.") @Nullable
            String category) {}

    record HeldAnswer(
            ReservationId reservationId,
            PerformanceId performanceId,
            String status,
            List<HeldSeat> seats,
            Money total,
            Instant heldUntil) {}

    /**
     * @param coupon one of the buyer's own coupons; absent for none
     * @param amount what the buyer believes to pay; if given, another amount due is refused
     * @param contact where the buyer wants to hear of the reservation; kept sealed, erasable, and shown to the buyer alone
     */
    record PaymentRequest(
            @Nullable PaymentMethod method,
            @Nullable CouponRequest coupon,
            @Nullable Money amount,
            @Nullable ContactDetails contact) {}

    record CouponRequest(
            @Nullable CampaignId campaignId, @Nullable CouponId couponId) {}

    record PaymentAnswer(
            PaymentId paymentId, ReservationId reservationId, Money amount, String status, Instant payBefore) {}

    /**
     * @param seats which seats to cancel; absent or empty for all
     * @param reason why an operator cancels for a buyer, 1 to 500 characters; absent if the buyer cancels
     */
    record CancelRequest(
            @Schema(description = "Which seats to cancel; absent for all.") @Nullable
            List<@Nullable SeatLabel> seats,

            @Schema(description = "Why an operator cancels for a buyer, 1 to 500 characters.") @Nullable
            String reason) {}

    /**
     * @param status CANCELLED, or PARTLY_CANCELLED if seats stay
     * @param seats which seats were cancelled
     * @param total price of the seats that stay; absent if none stays
     * @param refundOf the payment that is given back; absent if none was taken
     * @param refund what is given back of it; absent for the whole payment, and if none was taken
     */
    record CancelledAnswer(
            ReservationId reservationId,
            String status,
            List<SeatLabel> seats,
            @Nullable Money total,
            @Nullable PaymentId refundOf,
            @Nullable Money refund) {

        static CancelledAnswer of(ReservationEvent fact) {
            return switch (fact) {
                case ReservationCancelled whole ->
                    new CancelledAnswer(
                            whole.reservationId(), "CANCELLED", whole.seats(), null, whole.refundOf(), whole.refund());
                case ReservationPartlyCancelled part ->
                    new CancelledAnswer(
                            part.reservationId(),
                            "PARTLY_CANCELLED",
                            part.seats(),
                            part.total(),
                            part.refundOf(),
                            part.refund());
                default -> throw new IllegalStateException(fact + " answers no cancellation");
            };
        }
    }

    @Operation(
            summary = "Hold named seats or the best ones, all or nothing",
            description =
                    "Either {\"seats\":[...]} or {\"quantity\":2,\"category\":\"...\"}; without a category the best of"
                            + " the hall. 400 UNKNOWN_SEAT, DUPLICATE_SEAT, TOO_MANY_SEATS, UNKNOWN_PRICE_ZONE; 403"
                            + " NOT_ADMITTED; 404 PERFORMANCE_NOT_FOUND; 409 SEAT_TAKEN, NOT_ENOUGH_SEATS,"
                            + " ALLOWANCE_EXCEEDED, SALE_NOT_OPEN, SALE_CLOSED; 422 IDEMPOTENCY_KEY_REUSED; 503"
                            + " OVERLOADED, TEMPORARILY_UNAVAILABLE. A repeat with the same key is answered like the"
                            + " first.")
    @NaturallyIdempotent
    @PostMapping("/api/performances/{performanceId}/reservations")
    Mono<ResponseEntity<HeldAnswer>> hold(
            @PathVariable PerformanceId performanceId,
            BuyerId buyer,
            IdempotencyKey key,
            @RequestBody HoldRequest request) {
        ReservationId id = new ReservationId(Ids.derived("reservation", buyer.value(), key.value()));
        Supplier<CompletionStage<ReservationHeld>> hold = wished(id, performanceId, buyer, request);
        return Mono.fromCompletionStage(() -> metrics.timed(hold))
                .map(held -> ResponseEntity.created(URI.create("/api/reservations/" + id))
                        .body(new HeldAnswer(
                                held.reservationId(),
                                held.performanceId(),
                                "HELD",
                                held.seats(),
                                held.total(),
                                held.heldUntil())));
    }

    private Supplier<CompletionStage<ReservationHeld>> wished(
            ReservationId id, PerformanceId performance, BuyerId buyer, HoldRequest request) {
        List<@Nullable SeatLabel> named = request.seats();
        Integer quantity = request.quantity();
        if (named != null && quantity == null && request.category() == null) {
            if (named.stream().anyMatch(Objects::isNull)) {
                throw new InvalidValueException("seats is a list of seat labels");
            }
            List<SeatLabel> seats = named.stream().map(Objects::requireNonNull).toList();
            return () -> holds.hold(id, performance, buyer, seats);
        }
        if (named == null && quantity != null) {
            return () -> holds.holdBest(id, performance, buyer, quantity, request.category());
        }
        throw new InvalidValueException(
                "A hold names either seats, a list of seat labels, or a quantity and, if wished, a category");
    }

    @Operation(
            summary = "Request the payment of a held reservation",
            description = "By card ({\"type\":\"card\",\"token\":\"...\"}) or with the points of the wallet"
                    + " ({\"type\":\"points\"}), on either with one of the buyer's coupons. The answer is 202: the"
                    + " outcome is seen in the reservation. 404 RESERVATION_NOT_FOUND, COUPON_NOT_FOUND, also for"
                    + " somebody else's, and CAMPAIGN_NOT_FOUND; 409 HOLD_EXPIRED, STALE_FENCING_TOKEN,"
                    + " PAYMENT_IN_FLIGHT, ALREADY_CONFIRMED, ALREADY_CANCELLED, COUPON_REDEEMED,"
                    + " COUPON_NOT_APPLICABLE, AMOUNT_MISMATCH.")
    @NaturallyIdempotent
    @PostMapping("/api/reservations/{reservationId}/payments")
    Mono<ResponseEntity<PaymentAnswer>> pay(
            @PathVariable ReservationId reservationId,
            BuyerId buyer,
            IdempotencyKey key,
            @RequestBody PaymentRequest request) {
        PaymentMethod method = checked(request.method());
        PaymentId paymentId =
                new PaymentId(Ids.derived("payment", buyer.value(), reservationId.toString(), key.value()));
        PaymentOrder order = new PaymentOrder(
                reservationId, buyer, paymentId, method, coupon(request.coupon()), request.amount(), request.contact());
        return Mono.fromCompletionStage(() -> payments.request(order)).map(fact -> ResponseEntity.accepted()
                .location(URI.create("/api/reservations/" + reservationId))
                .body(new PaymentAnswer(
                        fact.paymentId(), fact.reservationId(), fact.amount(), "REQUESTED", fact.payBefore())));
    }

    @Operation(
            summary = "Cancel a held or booked reservation, or some of its seats",
            description =
                    "Without a body all seats, with {\"seats\":[...]} these alone. The seats are free at once; what"
                            + " was paid for them goes back. An operator cancels for a buyer with {\"reason\":\"...\"}, at any"
                            + " time. 400 INVALID_REQUEST, DUPLICATE_SEAT; 404 RESERVATION_NOT_FOUND; 409 HOLD_EXPIRED,"
                            + " ALREADY_CANCELLED, SEAT_NOT_IN_RESERVATION, PAYMENT_IN_FLIGHT for some of the seats while a"
                            + " payment is under way, and CANCELLATION_CLOSED for a booking after the performance's"
                            + " cancellableUntil. A repeat is answered like the first.")
    @DeleteMapping("/api/reservations/{reservationId}")
    Mono<CancelledAnswer> cancel(
            @PathVariable ReservationId reservationId,
            BuyerId caller,
            @Parameter(hidden = true) Authentication authentication,
            @RequestBody(required = false) byte @Nullable [] body) {
        CancelRequest request = OptionalBody.read(body, CancelRequest.class);
        List<SeatLabel> seats = seats(request == null ? null : request.seats());
        String reason = request == null ? null : request.reason();
        boolean isOperator = authentication instanceof Caller known && known.isOperator();
        if (reason != null && !isOperator) {
            throw new RefusedException(
                    RefusalCode.FORBIDDEN, "A reason is for an operator who cancels for a buyer; leave it out");
        }
        OperatorId operator = isOperator ? OperatorId.of(authentication.getName()) : null;
        return Mono.fromCompletionStage(() -> holds.cancel(
                        performance ->
                                new CancelReservation(reservationId, performance, caller, seats, operator, reason),
                        reservationId))
                .map(CancelledAnswer::of);
    }

    private static List<SeatLabel> seats(@Nullable List<@Nullable SeatLabel> named) {
        if (named == null) {
            return List.of();
        }
        if (named.isEmpty() || named.stream().anyMatch(Objects::isNull)) {
            throw new InvalidValueException("seats is a list of seat labels, or left out for all seats");
        }
        return named.stream().map(Objects::requireNonNull).toList();
    }

    private static PaymentMethod checked(@Nullable PaymentMethod method) {
        if (method instanceof PaymentMethod.Points points) {
            return points;
        }
        if (method instanceof PaymentMethod.Card card
                && card.token() != null
                && Texts.isText(card.token(), CARD_TOKEN_LENGTH_MAX)) {
            return card;
        }
        throw new InvalidValueException(
                "method is {\"type\":\"card\",\"token\":\"...\"} with 1 to 200 characters, or {\"type\":\"points\"}");
    }

    private static PaymentOrder.@Nullable Coupon coupon(@Nullable CouponRequest request) {
        if (request == null) {
            return null;
        }
        if (request.campaignId() == null || request.couponId() == null) {
            throw new InvalidValueException("coupon names a campaignId and a couponId");
        }
        return new PaymentOrder.Coupon(request.campaignId(), request.couponId());
    }
}
