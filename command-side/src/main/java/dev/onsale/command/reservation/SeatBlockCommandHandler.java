package dev.onsale.command.reservation;

import dev.onsale.api.PerformanceId;
import dev.onsale.api.performance.SeatsBlocked;
import dev.onsale.api.performance.SeatsUnblocked;
import dev.onsale.api.seat.BlockSeats;
import dev.onsale.api.seat.UnblockSeats;
import dev.onsale.command.performance.Performance;
import dev.onsale.command.performance.PerformanceCommandHandler;
import java.time.Clock;
import java.time.Instant;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.Aggregate;

/** Brings orders of operators to seats. */
class SeatBlockCommandHandler {

    private final PerformanceCommandHandler performances;
    private final SeatBlockDecider decider;
    private final Clock clock;

    SeatBlockCommandHandler(PerformanceCommandHandler performances, SeatBlockDecider decider, Clock clock) {
        this.performances = performances;
        this.decider = decider;
        this.clock = clock;
    }

    @CommandHandler
    SeatsBlocked handle(BlockSeats command) {
        Instant now = clock.instant();
        return decider.block(command, changeable(command.performanceId(), now), now);
    }

    @CommandHandler
    SeatsUnblocked handle(UnblockSeats command) {
        Instant now = clock.instant();
        return decider.unblock(command, changeable(command.performanceId(), now), now);
    }

    private Aggregate<Performance> changeable(PerformanceId id, Instant now) {
        Aggregate<Performance> performance = performances.find(id);
        performance.execute(p -> p.requireChangeable(now));
        return performance;
    }
}
