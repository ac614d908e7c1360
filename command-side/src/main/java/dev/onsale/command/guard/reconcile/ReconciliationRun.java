package dev.onsale.command.guard.reconcile;

import dev.onsale.command.guard.state.GuardDifference;
import dev.onsale.command.guard.state.ReconciliationReport;
import dev.onsale.command.guard.state.SaleKind;
import dev.onsale.platform.supervision.SupervisedWork;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One reconciliation: what it has found so far, and what is young enough to be left alone. */
public final class ReconciliationRun {

    /** Clocks of nodes may differ by so much. */
    private static final Duration CLOCK_SKEW = Duration.ofSeconds(5);

    private static final long CALL_TIMEOUT_SECONDS = 10;

    final String sale;
    final SaleKind kind;
    final Clock clock;
    final Duration claimDuration;
    private final Instant startedAt;
    private final long begun = System.nanoTime();
    private final Map<GuardDifference, Long> repaired = new EnumMap<>(GuardDifference.class);
    private long compared;
    private long leftAlone;
    private @Nullable Instant closedAt;

    ReconciliationRun(String sale, SaleKind kind, Clock clock, Duration claimDuration) {
        this.sale = sale;
        this.kind = kind;
        this.clock = clock;
        this.claimDuration = claimDuration;
        this.startedAt = clock.instant();
    }

    long now() {
        return clock.instant().toEpochMilli();
    }

    /** A fact younger than this may still be on its way to the guard. */
    boolean isYoung(Instant fact) {
        return fact.isAfter(clock.instant().minus(claimDuration));
    }

    /** Whether no command can stand behind a claim: it has lapsed, or it ends later than any claim that was made by now. */
    boolean isOrphaned(long claimUntil) {
        long now = now();
        return claimUntil <= now
                || claimUntil > now + claimDuration.plus(CLOCK_SKEW).toMillis();
    }

    void compared(long count) {
        compared += count;
    }

    void repaired(GuardDifference difference, long count) {
        if (count > 0) {
            repaired.merge(difference, count, Long::sum);
        }
    }

    void leftAlone() {
        leftAlone++;
    }

    /** The operator closed the campaign then. */
    void closed(Instant at) {
        closedAt = at;
    }

    @Nullable
    Instant closedAt() {
        return closedAt;
    }

    Map<GuardDifference, Long> repaired() {
        return repaired;
    }

    Duration took() {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    ReconciliationReport report(ReconciliationReport.State state, @Nullable String reason) {
        return new ReconciliationReport(
                sale, kind, state, compared, Map.copyOf(repaired), leftAlone, startedAt, took().toMillis(), reason);
    }

    public static <T> T awaited(CompletionStage<T> stage) throws Exception {
        SupervisedWork.progress();
        return stage.toCompletableFuture().get(CALL_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }
}
