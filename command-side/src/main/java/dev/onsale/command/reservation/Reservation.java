package dev.onsale.command.reservation;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import dev.onsale.api.BuyerId;
import dev.onsale.api.Money;
import dev.onsale.api.OperatorId;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.coupon.CouponTerms;
import dev.onsale.api.reservation.BookingRevoked;
import dev.onsale.api.reservation.CallOffReservation;
import dev.onsale.api.reservation.CancelReservation;
import dev.onsale.api.reservation.HeldSeat;
import dev.onsale.api.reservation.HoldBestSeats;
import dev.onsale.api.reservation.HoldSeats;
import dev.onsale.api.reservation.LatePaymentAccepted;
import dev.onsale.api.reservation.LatePaymentRejected;
import dev.onsale.api.reservation.PaymentDiscounted;
import dev.onsale.api.reservation.PaymentFailed;
import dev.onsale.api.reservation.PaymentRequested;
import dev.onsale.api.reservation.RequestPayment;
import dev.onsale.api.reservation.ReservationCancelled;
import dev.onsale.api.reservation.ReservationConfirmed;
import dev.onsale.api.reservation.ReservationEvent;
import dev.onsale.api.reservation.ReservationExpired;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.api.reservation.ReservationPartlyCancelled;
import dev.onsale.api.reservation.SeatClaim;
import dev.onsale.command.bus.MemorySized;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/** One or more seats of one buyer, from hold to booking. It decides when its hold ends. */
@Aggregate(type = "Reservation")
class Reservation implements MemorySized {

    @AggregateIdentifier
    @Nullable
    String id;

    private static final int SEAT_BYTES = 300;
    private static final int PAYMENT_BYTES = 700;

    private @Nullable ReservationHeld held;
    private State state = State.HELD;
    private @Nullable PaymentRequested paymentInFlight;
    private final Map<PaymentId, PaymentRequested> payments = new HashMap<>();
    private final Map<PaymentId, PaymentDiscounted> discounts = new HashMap<>();
    private List<HeldSeat> seats = List.of();
    private @Nullable ReservationConfirmed confirmed;
    private @Nullable ReservationCancelled cancelled;
    private @Nullable BookingRevoked revoked;
    private final List<ReservationPartlyCancelled> parts = new ArrayList<>();
    private @Nullable LatePaymentRejected rejected;

    private enum State {
        HELD,
        PAYMENT_PENDING,
        CONFIRMED,
        EXPIRED,
        CANCELLED
    }

    protected Reservation() {
        // For Axon, which replays the events.
    }

    Reservation(ReservationId id) {
        this.id = id.toString();
    }

    @Override
    public long memoryBytes() {
        return (long) SEAT_BYTES * seats.size() + (long) PAYMENT_BYTES * (payments.size() + discounts.size());
    }

    /** The answer to an earlier try of the same request, if there was one. */
    Optional<ReservationHeld> earlierAnswerTo(HoldSeats command) {
        return earlierAnswer(command.buyerId(), command.performanceId(), seatsHeld -> labels(seatsHeld)
                .collect(Collectors.toSet())
                .equals(command.seats().stream().map(SeatClaim::seat).collect(Collectors.toSet())));
    }

    /** The answer to an earlier try of the same request, if there was one: as many seats of that category. */
    Optional<ReservationHeld> earlierAnswerTo(HoldBestSeats command) {
        return earlierAnswer(
                command.buyerId(),
                command.performanceId(),
                seatsHeld -> seatsHeld.size() == command.quantity()
                        && seatsHeld.stream()
                                .allMatch(seat -> command.category() == null
                                        || seat.category().equals(command.category())));
    }

    private Optional<ReservationHeld> earlierAnswer(
            BuyerId buyer, PerformanceId performance, Predicate<List<HeldSeat>> areTheSame) {
        if (held == null) {
            return Optional.empty();
        }
        RefusedException.require(
                held.buyerId().equals(buyer)
                        && held.performanceId().equals(performance)
                        && areTheSame.test(held.seats()),
                RefusalCode.IDEMPOTENCY_KEY_REUSED,
                "This key held other seats before");
        return Optional.of(held);
    }

    void hold(ReservationHeld fact) {
        apply(fact);
    }

    /**
     * @throws RefusedException with {@code RESERVATION_NOT_FOUND}, also if it is of another performance
     */
    ReservationHeld required(PerformanceId performance) {
        if (held == null || !held.performanceId().equals(performance)) {
            throw notFound();
        }
        return held;
    }

    /**
     * @throws RefusedException with {@code RESERVATION_NOT_FOUND}: whose reservation it is, is nobody else's business
     */
    ReservationHeld requiredOf(BuyerId buyer, PerformanceId performance) {
        ReservationHeld facts = required(performance);
        if (!facts.buyerId().equals(buyer)) {
            throw notFound();
        }
        return facts;
    }

    PaymentRequested requestPayment(RequestPayment command, Duration paymentWindow, boolean isCalledOff, Instant now) {
        ReservationHeld facts = requiredOf(command.buyerId(), command.performanceId());
        PaymentRequested earlier = payments.get(command.paymentId());
        if (earlier != null) {
            // What the method and the contact say is sealed: who asks opens both and compares.
            if (!earlier.method().getClass().equals(command.method().getClass()) || !usesSameCoupon(command)) {
                throw new RefusedException(RefusalCode.IDEMPOTENCY_KEY_REUSED, "This key paid in another way before");
            }
            return earlier;
        }
        switch (state) {
            case PAYMENT_PENDING ->
                throw new RefusedException(RefusalCode.PAYMENT_IN_FLIGHT, "A payment is already under way");
            case CONFIRMED -> throw new RefusedException(RefusalCode.ALREADY_CONFIRMED, "The seats are already yours");
            case CANCELLED ->
                throw new RefusedException(RefusalCode.ALREADY_CANCELLED, "The reservation was cancelled");
            case EXPIRED -> throw holdExpired(facts);
            case HELD -> {
                if (!now.isBefore(facts.heldUntil())) {
                    throw holdExpired(facts);
                }
            }
        }
        if (isCalledOff) {
            throw new RefusedException(RefusalCode.PERFORMANCE_CALLED_OFF, "The show was called off");
        }
        CouponTerms coupon = command.coupon();
        Money discount = coupon == null ? null : coupon.discount().off(total());
        Money amount = discount == null ? total() : total().minus(discount);
        if (command.expected() != null && !command.expected().equals(amount)) {
            throw new RefusedException(RefusalCode.AMOUNT_MISMATCH, "The amount due is " + amount);
        }
        if (coupon != null && discount != null) {
            apply(new PaymentDiscounted(
                    facts.reservationId(),
                    facts.performanceId(),
                    facts.buyerId(),
                    command.paymentId(),
                    coupon.campaignId(),
                    coupon.couponId(),
                    discount,
                    now));
        }
        PaymentRequested fact = new PaymentRequested(
                facts.reservationId(),
                facts.performanceId(),
                facts.buyerId(),
                command.paymentId(),
                amount,
                command.method().masked(),
                now.plus(paymentWindow),
                now,
                command.cardToken(),
                command.contact());
        apply(fact);
        return fact;
    }

    private boolean usesSameCoupon(RequestPayment command) {
        PaymentDiscounted earlier = discounts.get(command.paymentId());
        CouponTerms coupon = command.coupon();
        if (earlier == null || coupon == null) {
            return earlier == null && coupon == null;
        }
        return earlier.couponId().equals(coupon.couponId());
    }

    /** The fact of an earlier confirmation by the same payment, if there was one. */
    Optional<ReservationConfirmed> earlierConfirmation(PaymentId payment) {
        return Optional.ofNullable(confirmed).filter(fact -> fact.paymentId().equals(payment));
    }

    /**
     * Whether this payment may turn the hold into a booking.
     *
     * @throws RefusedException if not
     */
    void requireConfirmable(PerformanceId performance, PaymentId payment) {
        ReservationHeld facts = required(performance);
        switch (state) {
            case EXPIRED -> throw holdExpired(facts);
            case CANCELLED ->
                throw new RefusedException(RefusalCode.ALREADY_CANCELLED, "The reservation was cancelled");
            case CONFIRMED, HELD ->
                throw new RefusedException(
                        RefusalCode.PAYMENT_STATE_CONFLICT, "Another payment decided this reservation");
            case PAYMENT_PENDING -> {
                if (paymentInFlight == null || !paymentInFlight.paymentId().equals(payment)) {
                    throw new RefusedException(
                            RefusalCode.PAYMENT_STATE_CONFLICT, "Another payment is in flight for this reservation");
                }
            }
        }
    }

    /** The decision about a late payment, if there was one. */
    Optional<LatePaymentRejected> earlierRejection(PaymentId payment) {
        return Optional.ofNullable(rejected).filter(fact -> fact.paymentId().equals(payment));
    }

    /** Whether the hold expired while this payment was on its way. */
    boolean expiredUnder(PaymentId payment) {
        return state == State.EXPIRED
                && paymentInFlight != null
                && paymentInFlight.paymentId().equals(payment);
    }

    void acceptLate(PaymentId payment, List<HeldSeat> seatsAgain, Instant now) {
        ReservationHeld facts = facts();
        apply(new LatePaymentAccepted(
                facts.reservationId(), facts.performanceId(), facts.buyerId(), payment, seatsAgain, now));
    }

    LatePaymentRejected rejectLate(PaymentId payment, String reason, Instant now) {
        ReservationHeld facts = facts();
        LatePaymentRejected fact = new LatePaymentRejected(
                facts.reservationId(), facts.performanceId(), facts.buyerId(), payment, reason, now);
        apply(fact);
        return fact;
    }

    /**
     * The seats that it still has, with the fencing tokens that count: those of the hold, or of a hold renewed for a late payment.
     */
    List<HeldSeat> seats() {
        return seats;
    }

    /** The hold with the seats that are left of it. */
    ReservationHeld current() {
        ReservationHeld facts = facts();
        return parts.isEmpty() ? facts : with(seats);
    }

    /** The hold with some of its seats. */
    ReservationHeld with(List<HeldSeat> some) {
        ReservationHeld facts = facts();
        return new ReservationHeld(
                facts.reservationId(),
                facts.performanceId(),
                facts.buyerId(),
                some,
                sum(some, facts.total()),
                facts.heldUntil(),
                facts.heldAt());
    }

    private Money total() {
        return sum(seats, facts().total());
    }

    private static Money sum(List<HeldSeat> seats, Money like) {
        return seats.stream().map(HeldSeat::price).reduce(new Money(0, like.currency()), Money::plus);
    }

    boolean isBookedBy(PaymentId payment) {
        return state == State.CONFIRMED && earlierConfirmation(payment).isPresent();
    }

    BookingRevoked revoke(PaymentId payment, String reason, Instant now) {
        ReservationHeld facts = facts();
        BookingRevoked fact = new BookingRevoked(
                facts.reservationId(),
                facts.performanceId(),
                facts.buyerId(),
                payment,
                labels(seats).toList(),
                reason,
                now,
                restOfPayment());
        apply(fact);
        return fact;
    }

    ReservationConfirmed confirm(PaymentId payment, Instant now) {
        ReservationHeld facts = facts();
        ReservationConfirmed fact = new ReservationConfirmed(
                facts.reservationId(), facts.performanceId(), facts.buyerId(), payment, seats, total(), now);
        apply(fact);
        return fact;
    }

    boolean failPayment(PaymentId payment, String reason, Instant now) {
        if (state != State.PAYMENT_PENDING
                || paymentInFlight == null
                || !paymentInFlight.paymentId().equals(payment)) {
            return false;
        }
        ReservationHeld facts = facts();
        apply(new PaymentFailed(facts.reservationId(), facts.performanceId(), facts.buyerId(), payment, reason, now));
        return true;
    }

    /** Whether nothing keeps the hold any longer: neither its own time nor a payment in flight. */
    boolean hasLapsed(Instant now) {
        return switch (state) {
            case HELD, PAYMENT_PENDING -> held != null && !now.isBefore(keptUntil());
            case CONFIRMED, EXPIRED, CANCELLED -> false;
        };
    }

    /** When nothing will keep the hold any longer, if nothing else happens. */
    Instant keptUntil() {
        Instant heldUntil = facts().heldUntil();
        // A payment keeps a hold longer, it never makes it shorter.
        return paymentInFlight == null || paymentInFlight.payBefore().isBefore(heldUntil)
                ? heldUntil
                : paymentInFlight.payBefore();
    }

    void expire(Instant now) {
        ReservationHeld facts = facts();
        apply(new ReservationExpired(
                facts.reservationId(),
                facts.performanceId(),
                facts.buyerId(),
                labels(seats).toList(),
                now));
    }

    /**
     * The answer to an earlier try of the same cancellation, if there was one.
     *
     * @param named which seats; empty for all
     */
    Optional<ReservationEvent> earlierCancellation(Set<SeatLabel> named) {
        if (named.isEmpty()) {
            return Optional.ofNullable(cancelled);
        }
        Optional<ReservationEvent> part = parts.stream()
                .filter(fact -> Set.copyOf(fact.seats()).equals(named))
                .<ReservationEvent>map(fact -> fact)
                .findFirst();
        return part.or(() -> Optional.ofNullable(cancelled)
                .filter(fact -> Set.copyOf(fact.seats()).equals(named)));
    }

    /**
     * The seats of these labels, all for none.
     *
     * @throws RefusedException with {@code SEAT_NOT_IN_RESERVATION}
     */
    List<HeldSeat> required(Set<SeatLabel> named) {
        if (named.isEmpty()) {
            return seats;
        }
        List<HeldSeat> found =
                seats.stream().filter(seat -> named.contains(seat.seat())).toList();
        if (found.size() < named.size()) {
            Set<SeatLabel> has = labels(seats).collect(Collectors.toSet());
            SeatLabel missing = named.stream()
                    .filter(seat -> !has.contains(seat))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
            throw new RefusedException(
                    RefusalCode.SEAT_NOT_IN_RESERVATION,
                    "The reservation does not have seat " + missing + " (any more)");
        }
        return found;
    }

    /**
     * The amount of a payment under way is fixed, so no seat may leave before its outcome is known.
     *
     * @throws RefusedException with {@code PAYMENT_IN_FLIGHT}
     */
    void requireNoPaymentInFlight() {
        if (state == State.PAYMENT_PENDING) {
            throw new RefusedException(
                    RefusalCode.PAYMENT_IN_FLIGHT, "A payment is under way; cancel all seats, or wait for its outcome");
        }
    }

    ReservationPartlyCancelled cancelPart(CancelReservation command, List<HeldSeat> gone, Instant now) {
        ReservationHeld facts = facts();
        Set<SeatLabel> labels = labels(gone).collect(Collectors.toSet());
        ReservationPartlyCancelled fact = new ReservationPartlyCancelled(
                facts.reservationId(),
                facts.performanceId(),
                facts.buyerId(),
                parts.size() + 1,
                labels(gone).toList(),
                sum(seats.stream().filter(seat -> !gone.contains(seat)).toList(), facts.total()),
                confirmed == null ? null : confirmed.paymentId(),
                confirmed == null ? null : shares(confirmed).of(labels),
                command.isForBuyer() ? command.operator() : null,
                command.reason(),
                now);
        apply(fact);
        return fact;
    }

    private RefundShares shares(ReservationConfirmed booking) {
        PaymentRequested paying = payments.get(booking.paymentId());
        return new RefundShares(booking.seats(), paying == null ? booking.total() : paying.amount());
    }

    /** What is left to give back of the payment, if parts of it were given back; else {@code null} for the whole. */
    private @Nullable Money restOfPayment() {
        boolean isPaidInParts = confirmed != null && parts.stream().anyMatch(part -> part.refundOf() != null);
        return isPaidInParts && confirmed != null
                ? shares(confirmed).of(labels(seats).collect(Collectors.toSet()))
                : null;
    }

    /**
     * Ends it because its show was called off. What has ended before stays as it is, and answers with its hold.
     *
     * @param giveBack frees its seats, if they are booked or else held
     */
    ReservationEvent callOff(Consumer<Boolean> giveBack, Instant now) {
        return switch (state) {
            case HELD, PAYMENT_PENDING -> {
                giveBack.accept(false);
                yield cancel(null, CallOffReservation.REASON, now);
            }
            case CONFIRMED -> {
                giveBack.accept(true);
                yield revoke(Objects.requireNonNull(confirmed).paymentId(), CallOffReservation.REASON, now);
            }
            case EXPIRED -> facts();
            case CANCELLED -> {
                if (revoked != null && revoked.reason().equals(CallOffReservation.REASON)) {
                    yield revoked;
                }
                yield cancelled != null && CallOffReservation.REASON.equals(cancelled.reason()) ? cancelled : facts();
            }
        };
    }

    boolean isConfirmed() {
        return state == State.CONFIRMED;
    }

    /**
     * Also under a payment: should it be authorised after all, it finds the reservation cancelled and is given back.
     *
     * @throws RefusedException with {@code HOLD_EXPIRED}
     */
    void requireCancellable(Instant now) {
        if (state == State.EXPIRED || hasLapsed(now)) {
            throw holdExpired(facts());
        }
        if (state == State.CANCELLED) {
            throw new RefusedException(
                    RefusalCode.ALREADY_CANCELLED,
                    revoked == null
                            ? "The reservation was cancelled"
                            : "The booking was taken back (" + revoked.reason() + ")");
        }
    }

    /**
     * @param operator who cancels for the buyer; absent if the buyer does
     * @param reason absent if the buyer cancels
     */
    ReservationCancelled cancel(@Nullable OperatorId operator, @Nullable String reason, Instant now) {
        ReservationHeld facts = facts();
        ReservationCancelled fact = new ReservationCancelled(
                facts.reservationId(),
                facts.performanceId(),
                facts.buyerId(),
                labels(seats).toList(),
                confirmed == null ? null : confirmed.paymentId(),
                now,
                restOfPayment(),
                operator,
                reason);
        apply(fact);
        return fact;
    }

    @EventSourcingHandler
    void on(ReservationEvent event) {
        id = event.reservationId().toString();
        switch (event) {
            case ReservationHeld fact -> {
                held = fact;
                seats = fact.seats();
            }
            case PaymentDiscounted fact -> discounts.put(fact.paymentId(), fact);
            case PaymentRequested fact -> {
                state = State.PAYMENT_PENDING;
                paymentInFlight = fact;
                payments.put(fact.paymentId(), fact);
            }
            case PaymentFailed fact -> {
                state = State.HELD;
                paymentInFlight = null;
            }
            case ReservationConfirmed fact -> {
                state = State.CONFIRMED;
                confirmed = fact;
                paymentInFlight = null;
            }
            case ReservationExpired fact -> state = State.EXPIRED;
            case LatePaymentAccepted fact -> {
                state = State.PAYMENT_PENDING;
                seats = fact.seats();
            }
            case LatePaymentRejected fact -> {
                rejected = fact;
                paymentInFlight = null;
            }
            case BookingRevoked fact -> {
                state = State.CANCELLED;
                revoked = fact;
            }
            case ReservationPartlyCancelled fact -> {
                parts.add(fact);
                seats = seats.stream()
                        .filter(seat -> !fact.seats().contains(seat.seat()))
                        .toList();
            }
            case ReservationCancelled fact -> {
                state = State.CANCELLED;
                cancelled = fact;
            }
        }
    }

    /**
     * @throws RefusedException with {@code RESERVATION_NOT_FOUND}
     */
    ReservationHeld facts() {
        if (held == null) {
            throw notFound();
        }
        return held;
    }

    private static Stream<SeatLabel> labels(List<HeldSeat> seats) {
        return seats.stream().map(HeldSeat::seat);
    }

    private static RefusedException holdExpired(ReservationHeld facts) {
        return new RefusedException(RefusalCode.HOLD_EXPIRED, "The hold ended at " + facts.heldUntil());
    }

    private static RefusedException notFound() {
        return new RefusedException(RefusalCode.RESERVATION_NOT_FOUND, "There is no such reservation");
    }
}
