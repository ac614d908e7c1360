package dev.onsale.command.guard.state;

import dev.onsale.api.CampaignId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.allowance.AllowanceEvent;
import dev.onsale.api.allowance.AllowanceReturned;
import dev.onsale.api.allowance.AllowanceUsed;
import dev.onsale.api.coupon.CampaignLaunched;
import dev.onsale.api.coupon.CouponIssued;
import dev.onsale.api.seat.SeatBlocked;
import dev.onsale.api.seat.SeatBooked;
import dev.onsale.api.seat.SeatEvent;
import dev.onsale.api.seat.SeatFreed;
import dev.onsale.api.seat.SeatHeld;
import dev.onsale.api.seat.SeatHoldExpired;
import dev.onsale.api.seat.SeatReleased;
import dev.onsale.api.seat.SeatUnblocked;
import dev.onsale.api.seat.TicketCheckedIn;
import dev.onsale.platform.redis.LuaScript;
import java.util.concurrent.CompletionStage;
import org.springframework.stereotype.Component;

/** Applies events to the guard, each at most once and never an older one over a newer one. */
@Component
public final class GuardFacts {

    private static final LuaScript<Long> APPLY_SEAT = GuardScripts.number("apply-seat.lua");
    private static final LuaScript<Long> APPLY_ALLOWANCE = GuardScripts.number("apply-allowance.lua");
    private static final LuaScript<Long> COMPLETE_SEATS = GuardScripts.number("complete-seats.lua");
    private static final LuaScript<Long> COMPLETE_COUPONS = GuardScripts.number("complete-coupons.lua");
    private static final LuaScript<Long> APPLY_COUPON = GuardScripts.number("apply-coupon.lua");

    private static final LuaScript<Long> CHANGE_QUANTITY = GuardScripts.number("change-quantity.lua");
    private static final LuaScript<Long> CLOSE_COUPONS = GuardScripts.number("close-coupons.lua");

    /** The epoch of a closed campaign: after its terms, or alone once its guard was removed. */
    static final String CLOSED = "closed";

    private final GuardRedis redis;

    public GuardFacts(GuardRedis redis) {
        this.redis = redis;
    }

    /**
     * @param sequence of the fact within its seat
     */
    public CompletionStage<Long> apply(SeatEvent fact, long sequence) {
        return switch (fact) {
            case SeatHeld held ->
                seat(held, "H", held.fencingToken(), held.heldUntil().toEpochMilli(), sequence);
            case SeatBooked booked -> seat(booked, "B", booked.fencingToken(), 0, sequence);
            case TicketCheckedIn used -> seat(used, "B", used.fencingToken(), 0, sequence);
            case SeatReleased released -> seat(released, "A", 0, 0, sequence);
            case SeatHoldExpired expired -> seat(expired, "A", 0, 0, sequence);
            case SeatFreed freed -> seat(freed, "A", 0, 0, sequence);
            case SeatBlocked blocked -> seat(blocked, "X", blocked.fencingToken(), 0, sequence);
            case SeatUnblocked unblocked -> seat(unblocked, "A", unblocked.fencingToken(), 0, sequence);
        };
    }

    /**
     * @param sequence of the fact within its allowance
     */
    public CompletionStage<Long> apply(AllowanceEvent fact, long sequence) {
        return switch (fact) {
            case AllowanceUsed used -> allowance(used, used.reservationId(), used.seatsInUse(), used.seats(), sequence);
            case AllowanceReturned returned ->
                allowance(returned, returned.reservationId(), returned.seatsInUse(), 0, sequence);
        };
    }

    public CompletionStage<Long> apply(CouponIssued fact) {
        String sale = fact.campaignId().toString();
        String[] keys = {
            GuardKeys.coupons(sale),
            GuardKeys.buyers(sale),
            GuardKeys.pending(sale),
            GuardKeys.epoch(sale),
            GuardKeys.rebuild(sale)
        };
        return redis.run(
                APPLY_COUPON,
                keys,
                fact.couponId().toString(),
                fact.buyerId().toString(),
                Integer.toString(fact.rank()));
    }

    /** Declares the guard of a new performance complete: nothing can have been sold before. */
    public CompletionStage<Boolean> beginSeats(PerformanceId performance) {
        return redis.call(
                commands -> commands.hset(GuardKeys.seats(performance.toString()), GuardKeys.EPOCH, "scheduled"));
    }

    /** Declares the guard of a new campaign complete. */
    public CompletionStage<String> beginCoupons(CampaignLaunched campaign) {
        return redis.call(
                commands -> commands.set(GuardKeys.epoch(campaign.campaignId().toString()), epochOf(campaign)));
    }

    /** From here on buyers without a coupon are refused as closed. A guard that is not complete is left alone. */
    public CompletionStage<Long> closeCoupons(CampaignId campaign) {
        String[] keys = {GuardKeys.epoch(campaign.toString())};
        return redis.run(CLOSE_COUPONS, keys);
    }

    /** From here on the campaign has so many coupons. 0 if the guard knows it, is closed for good, or is not complete. */
    public CompletionStage<Long> changeQuantity(CampaignId campaign, int quantity) {
        String[] keys = {GuardKeys.epoch(campaign.toString())};
        return redis.run(CHANGE_QUANTITY, keys, Integer.toString(quantity));
    }

    /** Marks the guard of a performance as being rebuilt. The mark is lost with the guard. */
    public CompletionStage<Boolean> markSeats(PerformanceId performance, String mark) {
        return redis.call(commands -> commands.hset(GuardKeys.seats(performance.toString()), GuardKeys.REBUILD, mark));
    }

    /** Declares a rebuilt guard complete. 0 if it was lost again, or another rebuild has marked it. */
    public CompletionStage<Long> completeSeats(PerformanceId performance, String mark) {
        String[] keys = {GuardKeys.seats(performance.toString())};
        return redis.run(COMPLETE_SEATS, keys, mark, "rebuilt");
    }

    /** As {@link #markSeats}. */
    public CompletionStage<String> markCoupons(CampaignId campaign, String mark) {
        return redis.call(commands -> commands.set(GuardKeys.rebuild(campaign.toString()), mark));
    }

    /** As {@link #completeSeats}. */
    public CompletionStage<Long> completeCoupons(CampaignLaunched campaign, boolean closed, String mark) {
        String sale = campaign.campaignId().toString();
        String[] keys = {GuardKeys.rebuild(sale), GuardKeys.epoch(sale)};
        String epoch = closed ? closedEpochOf(campaign) : epochOf(campaign);
        return redis.run(COMPLETE_COUPONS, keys, mark, epoch);
    }

    public static String epochOf(CampaignLaunched campaign) {
        return campaign.quantity() + "|" + campaign.maxCouponsPerBuyer();
    }

    public static String closedEpochOf(CampaignLaunched campaign) {
        return epochOf(campaign) + "|" + CLOSED;
    }

    private CompletionStage<Long> allowance(
            AllowanceEvent fact, ReservationId reservation, int seatsInUse, int taken, long sequence) {
        String[] keys = keys(fact.performanceId(), reservation.toString());
        return redis.run(
                APPLY_ALLOWANCE,
                keys,
                GuardKeys.buyerField(fact.buyerId()),
                reservation.toString(),
                Integer.toString(seatsInUse),
                Long.toString(sequence),
                Integer.toString(taken));
    }

    private CompletionStage<Long> seat(SeatEvent fact, String state, long token, long until, long sequence) {
        ReservationId holder = fact.reservationId();
        String reservation = holder == null ? "" : holder.toString();
        String[] keys = keys(fact.seatId().performanceId(), reservation);
        return redis.run(
                APPLY_SEAT,
                keys,
                fact.seatId().seat().toString(),
                state,
                reservation,
                Long.toString(token),
                Long.toString(until),
                Long.toString(sequence));
    }

    private static String[] keys(PerformanceId performance, String reservation) {
        String sale = performance.toString();
        return new String[] {GuardKeys.seats(sale), GuardKeys.givenBack(sale, reservation)};
    }
}
