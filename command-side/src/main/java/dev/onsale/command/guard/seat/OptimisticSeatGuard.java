package dev.onsale.command.guard.seat;

import dev.onsale.api.BuyerId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Unguarded;
import dev.onsale.command.guard.state.GuardMetrics;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * No guard: every request reaches the writer of the seats, and the store's unique key decides between two writers. The writer's
 * queue is bounded and refuses what exceeds it.
 */
public final class OptimisticSeatGuard implements SeatGuard {

    private final GuardMetrics metrics;

    public OptimisticSeatGuard(GuardMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public CompletionStage<SeatClaims> claim(Request request) {
        SeatClaims unguarded = new Unguarded();
        metrics.claimed(unguarded);
        return CompletableFuture.completedStage(unguarded);
    }

    @Override
    public CompletionStage<Void> release(
            PerformanceId performance, ReservationId reservation, BuyerId buyer, List<SeatLabel> seats) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> freed(
            PerformanceId performance, ReservationId reservation, BuyerId buyer, List<SeatLabel> seats) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> freedPartly(
            PerformanceId performance, ReservationId reservation, BuyerId buyer, List<SeatLabel> seats) {
        return CompletableFuture.completedFuture(null);
    }
}
