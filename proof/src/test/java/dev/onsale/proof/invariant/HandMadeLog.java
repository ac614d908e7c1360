package dev.onsale.proof.invariant;

import dev.onsale.api.AllowanceId;
import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.EventCatalogue;
import dev.onsale.api.Ids;
import dev.onsale.api.Money;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.allowance.AllowanceEvent;
import dev.onsale.api.allowance.AllowanceReturned;
import dev.onsale.api.allowance.AllowanceUsed;
import dev.onsale.api.coupon.CampaignLaunched;
import dev.onsale.api.coupon.CouponEvent;
import dev.onsale.api.coupon.CouponIssued;
import dev.onsale.api.coupon.Discount;
import dev.onsale.api.payment.PaymentAuthorized;
import dev.onsale.api.payment.PaymentCaptured;
import dev.onsale.api.payment.PaymentEvent;
import dev.onsale.api.payment.PaymentInitiated;
import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.api.payment.PaymentRefunded;
import dev.onsale.api.performance.PerformanceEvent;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.api.performance.PriceZone;
import dev.onsale.api.performance.SeatingPlan;
import dev.onsale.api.reservation.HeldSeat;
import dev.onsale.api.reservation.PaymentRequested;
import dev.onsale.api.reservation.ReservationCancelled;
import dev.onsale.api.reservation.ReservationConfirmed;
import dev.onsale.api.reservation.ReservationEvent;
import dev.onsale.api.reservation.ReservationExpired;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.api.seat.SeatBooked;
import dev.onsale.api.seat.SeatEvent;
import dev.onsale.api.seat.SeatFreed;
import dev.onsale.api.seat.SeatHeld;
import dev.onsale.api.seat.SeatHoldExpired;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds a log for tests: complete steps of a valid sale, and single events that violate an invariant. */
public final class HandMadeLog {

    public static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    public static final Instant LATER = NOON.plusSeconds(3_600);
    static final Duration HOLD = Duration.ofMinutes(5);
    static final int SEATS_PER_BUYER = 2;
    static final Money PRICE = Money.of(4_900, "EUR");
    public static final PerformanceId SHOW = new PerformanceId(Ids.derived("show"));
    public static final CampaignId CAMPAIGN = new CampaignId(Ids.derived("campaign"));
    static final PaymentMethod CARD = new PaymentMethod.Card("tok");

    private final List<LogEvent> events = new ArrayList<>();
    private final Map<String, Long> sequences = new HashMap<>();
    private final Map<BuyerId, Integer> inUse = new HashMap<>();
    private long position;

    public static HandMadeLog aSale() {
        return new HandMadeLog()
                .add(new PerformanceScheduled(
                        SHOW,
                        "Show",
                        LATER,
                        new SeatingPlan("Hall", List.of(), List.of(), 0, 0),
                        List.of(new PriceZone("A", PRICE)),
                        NOON,
                        LATER,
                        SEATS_PER_BUYER,
                        HOLD,
                        false,
                        NOON));
    }

    /** A performance with a waiting room, and a campaign. */
    public static HandMadeLog aShowWithRoomAndACampaignOf(int quantity) {
        return new HandMadeLog()
                .add(new PerformanceScheduled(
                        SHOW,
                        "Show",
                        LATER,
                        new SeatingPlan("Hall", List.of(), List.of(), 0, 0),
                        List.of(new PriceZone("A", PRICE)),
                        NOON,
                        LATER,
                        SEATS_PER_BUYER,
                        HOLD,
                        true,
                        NOON))
                .add(new CampaignLaunched(
                        CAMPAIGN, "Campaign", quantity, 1, NOON, LATER, new Discount(10, null, null), NOON));
    }

    public static BuyerId buyerNamed(String name) {
        return buyer(name);
    }

    public static CouponId couponOf(String name) {
        return coupon(name);
    }

    public static HandMadeLog aCampaignOf(int quantity) {
        return new HandMadeLog()
                .add(new CampaignLaunched(
                        CAMPAIGN, "Campaign", quantity, 1, NOON, LATER, new Discount(10, null, null), NOON));
    }

    static BuyerId buyer(String name) {
        return BuyerId.of(name);
    }

    static ReservationId reservation(String name) {
        return new ReservationId(Ids.derived("reservation", name));
    }

    static PaymentId payment(String name) {
        return new PaymentId(Ids.derived("payment", name));
    }

    static CouponId coupon(String name) {
        return new CouponId(Ids.derived("coupon", name));
    }

    static SeatId seat(String label) {
        return new SeatId(SHOW, SeatLabel.of(label));
    }

    /** Adds one event with the next position and the next sequence number. */
    public HandMadeLog add(OnsaleEvent fact) {
        String id = aggregateId(fact);
        long sequence = sequences.merge(id, 0L, (before, none) -> before + 1);
        events.add(new LogEvent(
                ++position,
                "Aggregate",
                id,
                sequence,
                EventCatalogue.typeOf(fact.getClass()).value(),
                fact));
        return this;
    }

    /** Removes the newest event, as if the log had lost it. */
    HandMadeLog loseTheNewest() {
        events.removeLast();
        return this;
    }

    HandMadeLog addUnknownType() {
        events.add(new LogEvent(++position, "Aggregate", "x", 0, "onsale.something-else", null));
        return this;
    }

    HandMadeLog repeatTheNewest() {
        events.add(events.getLast());
        return this;
    }

    public HandMadeLog hold(String name, String buyer, String seat, long token) {
        BuyerId who = buyer(buyer);
        int sum = inUse.merge(who, 1, Integer::sum);
        return add(new SeatHeld(seat(seat), reservation(name), who, token, NOON.plus(HOLD), NOON))
                .add(new AllowanceUsed(SHOW, who, reservation(name), 1, sum, NOON))
                .add(held(name, buyer, seat, token));
    }

    static ReservationHeld held(String name, String buyer, String seat, long token) {
        return new ReservationHeld(
                reservation(name), SHOW, buyer(buyer), seats(seat, token), PRICE, NOON.plus(HOLD), NOON);
    }

    private static List<HeldSeat> seats(String seat, long token) {
        return List.of(new HeldSeat(SeatLabel.of(seat), "A", PRICE, token));
    }

    HandMadeLog requestPayment(String name, String buyer) {
        return add(new PaymentRequested(
                        reservation(name),
                        SHOW,
                        buyer(buyer),
                        payment(name),
                        PRICE,
                        CARD,
                        NOON.plus(HOLD).plus(HOLD),
                        NOON))
                .add(new PaymentInitiated(payment(name), reservation(name), SHOW, buyer(buyer), PRICE, CARD, NOON));
    }

    HandMadeLog authorize(String name) {
        return add(new PaymentAuthorized(payment(name), reservation(name), SHOW, "gateway", NOON));
    }

    HandMadeLog confirm(String name, String buyer, String seat, long token) {
        return add(new SeatBooked(seat(seat), reservation(name), buyer(buyer), token, NOON))
                .add(new ReservationConfirmed(
                        reservation(name), SHOW, buyer(buyer), payment(name), seats(seat, token), PRICE, NOON));
    }

    HandMadeLog capture(String name) {
        return add(new PaymentCaptured(payment(name), reservation(name), SHOW, PRICE, NOON));
    }

    /** Adds a valid sale of one seat, from the hold to the capture. */
    public HandMadeLog sell(String name, String buyer, String seat, long token) {
        return hold(name, buyer, seat, token)
                .requestPayment(name, buyer)
                .authorize(name)
                .confirm(name, buyer, seat, token)
                .capture(name);
    }

    public HandMadeLog expire(String name, String buyer, String seat) {
        Instant end = NOON.plus(HOLD);
        return add(new SeatHoldExpired(seat(seat), reservation(name), end))
                .returnAllowance(name, buyer)
                .add(new ReservationExpired(reservation(name), SHOW, buyer(buyer), List.of(SeatLabel.of(seat)), end));
    }

    public HandMadeLog cancelBooking(String name, String buyer, String seat) {
        return add(new SeatFreed(seat(seat), reservation(name), NOON))
                .returnAllowance(name, buyer)
                .add(cancelled(name, buyer, seat, payment(name)));
    }

    static ReservationCancelled cancelled(String name, String buyer, String seat, @Nullable PaymentId refundOf) {
        return new ReservationCancelled(
                reservation(name), SHOW, buyer(buyer), List.of(SeatLabel.of(seat)), refundOf, NOON);
    }

    public HandMadeLog refund(String name) {
        return add(new PaymentRefunded(payment(name), reservation(name), SHOW, PRICE, NOON));
    }

    private HandMadeLog returnAllowance(String name, String buyer) {
        int sum = inUse.merge(buyer(buyer), -1, Integer::sum);
        return add(new AllowanceReturned(SHOW, buyer(buyer), reservation(name), 1, sum, NOON));
    }

    public HandMadeLog issue(String buyer, int rank) {
        return add(new CouponIssued(CAMPAIGN, coupon(buyer + rank), buyer(buyer), rank, NOON));
    }

    private static String aggregateId(OnsaleEvent fact) {
        return switch (fact) {
            case PerformanceEvent performance -> performance.saleKey();
            case SeatEvent seat -> seat.seatId().toString();
            case ReservationEvent reservation -> reservation.reservationId().toString();
            case AllowanceEvent allowance -> new AllowanceId(allowance.performanceId(), allowance.buyerId()).toString();
            case CouponEvent coupon -> coupon.campaignId().toString();
            case PaymentEvent payment -> payment.paymentId().toString();
            default -> throw new IllegalArgumentException("no aggregate type for " + fact);
        };
    }

    /** The events so far, in order. */
    public List<LogEvent> events() {
        return List.copyOf(events);
    }

    LogFold fold() {
        return LogFold.of(events);
    }

    /** The violations, long after every hold should have ended. */
    Findings judge() {
        return fold().judge(LATER);
    }
}
