package dev.onsale.command.guard.seat;

import dev.onsale.api.BuyerId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Away;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Busy;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Taken;
import dev.onsale.command.guard.state.GuardKeys;
import dev.onsale.command.guard.state.GuardMetrics;
import dev.onsale.command.guard.state.GuardProperties;
import dev.onsale.command.guard.state.GuardRedis;
import dev.onsale.command.guard.state.SeatEntry;
import dev.onsale.platform.supervision.TaskThreads;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.redisson.api.RLock;
import org.springframework.beans.factory.DisposableBean;

/**
 * Claims under one distributed lock per seat and one for the buyer. Locks are taken seats first, in the order of their labels,
 * then the buyer's, so that no two claims wait for each other. They are held for the step in Redis alone. The step is the
 * script of {@link LuaSeatGuard}: a lease may end under a holder that stalled, and the log is applied without locks.
 */
public final class LockSeatGuard implements SeatGuard, DisposableBean {

    private final LuaSeatGuard script;
    private final GuardRedis redis;
    private final GuardMetrics metrics;
    private final GuardProperties properties;
    private final RedissonLocks locks;
    /** Redisson knows owners by thread; claims have none, so each gets a number of its own. */
    private final AtomicLong owners = new AtomicLong();

    private final ExecutorService acquiring = TaskThreads.perTask("seat-lock-");

    public LockSeatGuard(
            LuaSeatGuard script,
            GuardRedis redis,
            GuardMetrics metrics,
            GuardProperties properties,
            RedissonLocks locks) {
        this.script = script;
        this.redis = redis;
        this.metrics = metrics;
        this.properties = properties;
        this.locks = locks;
    }

    @Override
    public CompletionStage<SeatClaims> claim(Request request) {
        // A seat that is taken is not worth waiting for.
        return taken(request)
                .thenCompose(taken -> taken.isPresent()
                        ? CompletableFuture.completedStage(counted(new Taken(taken.get())))
                        : underLocks(request))
                .exceptionally(failure -> counted(new Away()));
    }

    @Override
    public CompletionStage<Void> release(
            PerformanceId performance, ReservationId reservation, BuyerId buyer, List<SeatLabel> seats) {
        return script.release(performance, reservation, buyer, seats);
    }

    @Override
    public CompletionStage<Void> freed(
            PerformanceId performance, ReservationId reservation, BuyerId buyer, List<SeatLabel> seats) {
        return script.freed(performance, reservation, buyer, seats);
    }

    @Override
    public CompletionStage<Void> freedPartly(
            PerformanceId performance, ReservationId reservation, BuyerId buyer, List<SeatLabel> seats) {
        return script.freedPartly(performance, reservation, buyer, seats);
    }

    private CompletionStage<Optional<SeatLabel>> taken(Request request) {
        String key = GuardKeys.seats(request.performance().toString());
        String[] fields = request.seats().stream().map(SeatLabel::value).toArray(String[]::new);
        String reservation = request.reservation().toString();
        long now = request.now().toEpochMilli();
        return redis.call(commands -> commands.hmget(key, fields)).thenApply(seats -> seats.stream()
                .filter(seat -> seat.hasValue() && isTaken(seat.getValue(), reservation, now))
                .map(seat -> SeatLabel.of(seat.getKey()))
                .findFirst());
    }

    private static boolean isTaken(String value, String reservation, long now) {
        SeatEntry seat = SeatEntry.parse(value);
        return seat != null && seat.isTakenFor(reservation, now);
    }

    private SeatClaims counted(SeatClaims claims) {
        metrics.claimed(claims);
        return claims;
    }

    private CompletionStage<SeatClaims> underLocks(Request request) {
        List<String> names = Stream.concat(
                        request.seats().stream().sorted().map(SeatLabel::value),
                        Stream.of(GuardKeys.buyerField(request.buyer())))
                .toList();
        long owner = owners.incrementAndGet();
        // Redisson connects with its first lock, and blocks the thread that asks for it.
        return CompletableFuture.supplyAsync(
                        () -> underLock(locks.inOrder(request.performance(), names), owner, request), acquiring)
                .thenCompose(claims -> claims);
    }

    private CompletionStage<SeatClaims> underLock(RLock lock, long owner, Request request) {
        CompletionStage<Boolean> locked = lock.tryLockAsync(
                properties.lockWait().toMillis(), properties.lockLease().toMillis(), TimeUnit.MILLISECONDS, owner);
        return locked.thenCompose(got -> {
            if (!got) {
                metrics.lockTimedOut();
                return CompletableFuture.completedStage(counted(new Busy()));
            }
            return script.claim(request).whenComplete((claims, failure) -> {
                // Not waited for: a lock that cannot be given back any more ends with its lease.
                var unused = lock.unlockAsync(owner);
            });
        });
    }

    @Override
    public void destroy() {
        acquiring.shutdownNow();
        locks.close();
    }
}
