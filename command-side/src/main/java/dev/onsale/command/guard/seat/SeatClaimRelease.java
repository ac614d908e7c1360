package dev.onsale.command.guard.seat;

import dev.onsale.api.BuyerId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import dev.onsale.command.guard.state.GuardKeys;
import dev.onsale.command.guard.state.GuardRedis;
import dev.onsale.command.guard.state.GuardScripts;
import dev.onsale.platform.redis.LuaScript;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** Releases claims and holds in the guard, by one atomic script for all strategies. */
public final class SeatClaimRelease {

    private static final LuaScript<String> RELEASE = GuardScripts.text("release-seats.lua");

    private final GuardRedis redis;
    private final Clock clock;
    private final Duration claimDuration;

    public SeatClaimRelease(GuardRedis redis, Clock clock, Duration claimDuration) {
        this.redis = redis;
        this.clock = clock;
        this.claimDuration = claimDuration;
    }

    CompletionStage<Void> claims(
            PerformanceId performance, ReservationId reservation, BuyerId buyer, List<SeatLabel> seats) {
        return run("claims", performance, reservation, buyer, seats);
    }

    CompletionStage<Void> everything(
            PerformanceId performance, ReservationId reservation, BuyerId buyer, List<SeatLabel> seats) {
        return run("all", performance, reservation, buyer, seats);
    }

    /** Without the mark, which would free the other seats of the reservation as well. */
    CompletionStage<Void> some(
            PerformanceId performance, ReservationId reservation, BuyerId buyer, List<SeatLabel> seats) {
        return run("some", performance, reservation, buyer, seats);
    }

    private CompletionStage<Void> run(
            String what, PerformanceId performance, ReservationId reservation, BuyerId buyer, List<SeatLabel> seats) {
        String sale = performance.toString();
        String[] keys = {GuardKeys.seats(sale), GuardKeys.givenBack(sale, reservation.toString())};
        String[] args = Stream.concat(
                        Stream.of(
                                what,
                                reservation.toString(),
                                GuardKeys.buyerField(buyer),
                                Long.toString(
                                        clock.instant().plus(claimDuration).toEpochMilli()),
                                Long.toString(claimDuration.toMillis())),
                        seats.stream().map(SeatLabel::value))
                .toArray(String[]::new);
        // A failed release is no problem: claims expire, and freed seats follow from the log.
        return redis.run(RELEASE, keys, args).<Void>handle((done, failure) -> null);
    }
}
