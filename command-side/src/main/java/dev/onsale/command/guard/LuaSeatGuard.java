package dev.onsale.command.guard;

import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import dev.onsale.command.CommandSideProperties;
import dev.onsale.command.guard.SeatGuard.SeatClaims.Away;
import dev.onsale.command.guard.SeatGuard.SeatClaims.Granted;
import dev.onsale.command.guard.SeatGuard.SeatClaims.Taken;
import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** One atomic script checks, claims and numbers all seats of a request. */
final class LuaSeatGuard implements SeatGuard {

    private static final LuaScript CLAIM = LuaScript.load("claim-seats.lua", ScriptOutputType.MULTI);
    private static final LuaScript RELEASE = LuaScript.load("release-seats.lua", ScriptOutputType.STATUS);

    private final GuardRedis redis;
    private final GuardRebuild rebuild;
    private final Duration claimDuration;

    LuaSeatGuard(GuardRedis redis, GuardRebuild rebuild, CommandSideProperties properties) {
        this.redis = redis;
        this.rebuild = rebuild;
        this.claimDuration = properties.claimDuration();
    }

    @Override
    public CompletionStage<SeatClaims> claim(
            PerformanceId performance, ReservationId reservation, List<SeatLabel> seats, Instant now) {
        String sale = performance.toString();
        String[] keys = {GuardKeys.seats(sale), GuardKeys.epoch(sale)};
        String[] args = Stream.concat(
                        Stream.of(
                                Long.toString(now.toEpochMilli()),
                                Long.toString(now.plus(claimDuration).toEpochMilli()),
                                reservation.toString()),
                        seats.stream().map(SeatLabel::toString))
                .toArray(String[]::new);
        return redis.<List<Object>>call(commands -> CLAIM.run(commands, keys, args))
                .<SeatClaims>thenApply(answer -> switch (String.valueOf(answer.getFirst())) {
                    case "GRANTED" -> new Granted(tokens(answer));
                    case "TAKEN" -> new Taken(SeatLabel.of(String.valueOf(answer.get(1))));
                    default -> {
                        rebuild.seats(performance);
                        yield new Away();
                    }
                })
                .exceptionally(failure -> new Away());
    }

    @Override
    public CompletionStage<Void> release(PerformanceId performance, ReservationId reservation, List<SeatLabel> seats) {
        return giveBack("claims", performance, reservation, seats);
    }

    @Override
    public CompletionStage<Void> freed(PerformanceId performance, ReservationId reservation, List<SeatLabel> seats) {
        return giveBack("all", performance, reservation, seats);
    }

    private CompletionStage<Void> giveBack(
            String what, PerformanceId performance, ReservationId reservation, List<SeatLabel> seats) {
        String[] keys = {GuardKeys.seats(performance.toString())};
        String[] args = Stream.concat(
                        Stream.of(what, reservation.toString()), seats.stream().map(SeatLabel::toString))
                .toArray(String[]::new);
        // What could not be given back lapses by itself, or follows with the log.
        return redis.<String>call(commands -> RELEASE.run(commands, keys, args)).<Void>handle((done, failure) -> null);
    }

    private static List<Long> tokens(List<Object> answer) {
        List<Long> tokens = new ArrayList<>();
        answer.stream().skip(1).map(String::valueOf).map(Long::valueOf).forEach(tokens::add);
        return tokens;
    }
}
