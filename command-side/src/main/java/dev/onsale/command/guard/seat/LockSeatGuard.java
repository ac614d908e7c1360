package dev.onsale.command.guard.seat;

import dev.onsale.api.BuyerId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import dev.onsale.command.guard.rebuild.GuardRebuild;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Away;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Busy;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Granted;
import dev.onsale.command.guard.state.GuardKeys;
import dev.onsale.command.guard.state.GuardMetrics;
import dev.onsale.command.guard.state.GuardProperties;
import dev.onsale.command.guard.state.GuardRedis;
import dev.onsale.command.guard.state.LuaScript;
import dev.onsale.platform.supervision.TaskThreads;
import io.lettuce.core.KeyValue;
import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RLock;
import org.springframework.beans.factory.DisposableBean;

/**
 * Reads, decides and writes under one distributed lock per seat and one for the buyer. Locks are taken seats first, in the order
 * of their labels, then the buyer's, so that no two claims wait for each other; they are held for the step in Redis alone.
 * A lease may end under a holder that stalled, and the log is applied without locks: so a write counts only if what was read
 * is still there.
 */
public final class LockSeatGuard implements SeatGuard, DisposableBean {

    private static final LuaScript REPLACE = LuaScript.load("replace-fields.lua", ScriptOutputType.INTEGER);
    private static final int TRIES_MAX = 3;

    private final GuardRedis redis;
    private final GuardRebuild rebuild;
    private final SeatClaimRelease givenBack;
    private final GuardMetrics metrics;
    private final Duration claimDuration;
    private final GuardProperties properties;
    private final GuardLocks locks;
    /** Redisson knows owners by thread; claims have none, so each gets a number of its own. */
    private final AtomicLong owners = new AtomicLong();

    private final ExecutorService acquiring = TaskThreads.perTask("seat-lock-");

    public LockSeatGuard(
            GuardRedis redis,
            GuardRebuild rebuild,
            SeatClaimRelease givenBack,
            GuardMetrics metrics,
            Duration claimDuration,
            GuardProperties properties,
            GuardLocks locks) {
        this.redis = redis;
        this.rebuild = rebuild;
        this.givenBack = givenBack;
        this.metrics = metrics;
        this.claimDuration = claimDuration;
        this.properties = properties;
        this.locks = locks;
    }

    @Override
    public CompletionStage<SeatClaims> claim(Request request) {
        // A seat that is seen to be taken is not worth waiting for.
        return decide(request)
                .thenCompose(decision -> switch (decision) {
                    case SeatDecision.Grantable unused -> underLocks(request);
                    default -> CompletableFuture.completedStage(refused(decision, request));
                })
                .exceptionally(failure -> new Away())
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
                return CompletableFuture.completedStage(new Busy());
            }
            return write(request, 1).whenComplete((claims, failure) -> {
                // Not waited for: a lock that cannot be given back any more ends with its lease.
                var unused = lock.unlockAsync(owner);
            });
        });
    }

    private CompletionStage<SeatClaims> write(Request request, int attempt) {
        return decide(request).thenCompose(decision -> {
            if (!(decision instanceof SeatDecision.Grantable grantable)) {
                return CompletableFuture.completedStage(refused(decision, request));
            }
            if (grantable.replacements().isEmpty()) {
                return CompletableFuture.completedStage(new Granted(grantable.fencingTokens()));
            }
            String[] keys = {GuardKeys.seats(request.performance().toString())};
            String[] args = grantable.replacements().toArray(String[]::new);
            return redis.<Long>call(commands -> REPLACE.run(commands, keys, args))
                    .thenCompose(written -> {
                        if (written == 1) {
                            return CompletableFuture.completedStage(new Granted(grantable.fencingTokens()));
                        }
                        return attempt < TRIES_MAX
                                ? write(request, attempt + 1)
                                : CompletableFuture.completedStage(new Busy());
                    });
        });
    }

    private CompletionStage<SeatDecision> decide(Request request) {
        String key = GuardKeys.seats(request.performance().toString());
        String[] fields = SeatDecision.fields(request);
        return redis.call(commands -> commands.hmget(key, fields)).thenApply(answer -> {
            List<@Nullable String> values = new ArrayList<>();
            for (KeyValue<String, String> field : answer) {
                values.add(field.getValueOrElse(null));
            }
            return SeatDecision.of(
                    request, values, request.now().plus(claimDuration).toEpochMilli());
        });
    }

    private SeatClaims refused(SeatDecision decision, Request request) {
        return switch (decision) {
            case SeatDecision.Refused refused -> refused.answer();
            case SeatDecision.Lost unused -> {
                rebuild.seats(request.performance());
                yield new Away();
            }
            case SeatDecision.Grantable unused -> throw new IllegalStateException("A grantable claim is not refused");
        };
    }

    /** Where locks come from. */
    interface GuardLocks extends AutoCloseable {

        /** One lock for all names, taken in their order. */
        RLock inOrder(PerformanceId performance, List<String> names);

        @Override
        void close();
    }

    @Override
    public void destroy() {
        acquiring.shutdownNow();
        locks.close();
    }
}
