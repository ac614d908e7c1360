package dev.onsale.command.guard;

import dev.onsale.api.ReservationId;
import dev.onsale.api.coupon.CampaignLaunched;
import dev.onsale.api.coupon.CouponIssued;
import dev.onsale.api.seat.SeatBooked;
import dev.onsale.api.seat.SeatEvent;
import dev.onsale.api.seat.SeatFreed;
import dev.onsale.api.seat.SeatHeld;
import dev.onsale.api.seat.SeatHoldExpired;
import dev.onsale.api.seat.SeatReleased;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import java.util.concurrent.CompletionStage;

/** Writes facts into the guard, each at most once and never an older one over a newer. */
final class GuardFacts {

    private static final LuaScript APPLY_SEAT = LuaScript.load("apply-seat.lua", ScriptOutputType.INTEGER);
    private static final LuaScript APPLY_COUPON = LuaScript.load("apply-coupon.lua", ScriptOutputType.INTEGER);

    private final GuardRedis redis;

    GuardFacts(GuardRedis redis) {
        this.redis = redis;
    }

    /**
     * @param sequence of the fact within its seat
     */
    CompletionStage<Long> apply(SeatEvent fact, long sequence) {
        return switch (fact) {
            case SeatHeld held ->
                seat(held, "H", held.fencingToken(), held.heldUntil().toEpochMilli(), sequence);
            case SeatBooked booked -> seat(booked, "B", booked.fencingToken(), 0, sequence);
            case SeatReleased released -> seat(released, "A", 0, 0, sequence);
            case SeatHoldExpired expired -> seat(expired, "A", 0, 0, sequence);
            case SeatFreed freed -> seat(freed, "A", 0, 0, sequence);
        };
    }

    CompletionStage<Long> apply(CouponIssued fact) {
        String sale = fact.campaignId().toString();
        String[] keys = {GuardKeys.coupons(sale), GuardKeys.buyers(sale), GuardKeys.pending(sale)};
        return redis.call(commands -> APPLY_COUPON.run(
                commands, keys, fact.couponId().toString(), fact.buyerId().toString(), Integer.toString(fact.rank())));
    }

    /** Declares the guard of a performance complete. */
    CompletionStage<String> completeSeats(String performance, String epoch) {
        return redis.call(commands -> commands.set(GuardKeys.epoch(performance), epoch));
    }

    /** Declares the guard of a campaign complete. */
    CompletionStage<String> completeCoupons(CampaignLaunched campaign) {
        return redis.call(commands -> commands.set(
                GuardKeys.epoch(campaign.campaignId().toString()),
                campaign.quantity() + "|" + campaign.maxCouponsPerBuyer(),
                new SetArgs()));
    }

    private CompletionStage<Long> seat(SeatEvent fact, String state, long token, long until, long sequence) {
        String[] keys = {GuardKeys.seats(fact.seatId().performanceId().toString())};
        ReservationId reservation = fact.reservationId();
        return redis.call(commands -> APPLY_SEAT.run(
                commands,
                keys,
                fact.seatId().seat().toString(),
                state,
                reservation.toString(),
                Long.toString(token),
                Long.toString(until),
                Long.toString(sequence)));
    }
}
