package dev.onsale.command.guard.seat;

import dev.onsale.api.BuyerId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import dev.onsale.command.guard.rebuild.GuardRebuild;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Away;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Blocked;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Granted;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.LimitReached;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Taken;
import dev.onsale.command.guard.state.GuardKeys;
import dev.onsale.command.guard.state.GuardMetrics;
import dev.onsale.command.guard.state.GuardRedis;
import dev.onsale.command.guard.state.GuardScripts;
import dev.onsale.platform.redis.LuaScript;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Checks, claims and numbers all seats of a request by one atomic script. */
public final class LuaSeatGuard implements SeatGuard {

    private static final LuaScript<String> CLAIM = GuardScripts.text("claim-seats.lua");
    private static final int ARGUMENTS_BEFORE_SEATS = 5;

    private final GuardRedis redis;
    private final GuardRebuild rebuild;
    private final SeatClaimRelease givenBack;
    private final GuardMetrics metrics;
    private final Duration claimDuration;

    public LuaSeatGuard(
            GuardRedis redis,
            GuardRebuild rebuild,
            SeatClaimRelease givenBack,
            GuardMetrics metrics,
            Duration claimDuration) {
        this.redis = redis;
        this.rebuild = rebuild;
        this.givenBack = givenBack;
        this.metrics = metrics;
        this.claimDuration = claimDuration;
    }

    @Override
    public CompletionStage<SeatClaims> claim(Request request) {
        String[] keys = {GuardKeys.seats(request.performance().toString())};
        long now = request.now().toEpochMilli();
        List<SeatLabel> seats = request.seats();
        String[] args = new String[ARGUMENTS_BEFORE_SEATS + seats.size()];
        args[0] = Long.toString(now);
        args[1] = Long.toString(now + claimDuration.toMillis());
        args[2] = request.reservation().toString();
        args[3] = GuardKeys.buyerField(request.buyer());
        args[4] = Integer.toString(request.seatsPerBuyerMax());
        for (int index = 0; index < seats.size(); index++) {
            args[ARGUMENTS_BEFORE_SEATS + index] = seats.get(index).value();
        }
        return redis.run(CLAIM, keys, args)
                .handle((answer, failure) -> failure == null ? said(answer, request) : new Away())
                .whenComplete((claims, failure) -> metrics.claimed(claims));
    }

    @Override
    public CompletionStage<Void> release(
            PerformanceId performance, ReservationId reservation, BuyerId buyer, List<SeatLabel> seats) {
        return givenBack.claims(performance, reservation, buyer, seats);
    }

    @Override
    public CompletionStage<Void> freed(
            PerformanceId performance, ReservationId reservation, BuyerId buyer, List<SeatLabel> seats) {
        return givenBack.everything(performance, reservation, buyer, seats);
    }

    @Override
    public CompletionStage<Void> freedPartly(
            PerformanceId performance, ReservationId reservation, BuyerId buyer, List<SeatLabel> seats) {
        return givenBack.some(performance, reservation, buyer, seats);
    }

    private SeatClaims said(String answer, Request request) {
        return switch (answer.charAt(0)) {
            case 'G' -> new Granted(tokens(answer));
            case 'T' -> new Taken(seatOf(answer, request));
            case 'B' -> new Blocked(seatOf(answer, request));
            case 'X' -> new LimitReached(Integer.parseInt(answer.substring(2)));
            default -> {
                rebuild.seats(request.performance());
                yield new Away();
            }
        };
    }

    private static SeatLabel seatOf(String answer, Request request) {
        return request.seats().get(Integer.parseInt(answer.substring(2)) - 1);
    }

    private static List<Long> tokens(String answer) {
        List<Long> tokens = new ArrayList<>();
        int from = 2;
        while (from <= answer.length()) {
            int end = answer.indexOf('|', from);
            end = end < 0 ? answer.length() : end;
            tokens.add(Long.parseLong(answer, from, end, 10));
            from = end + 1;
        }
        return tokens;
    }
}
