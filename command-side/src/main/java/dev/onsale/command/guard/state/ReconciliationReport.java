package dev.onsale.command.guard.state;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A comparison of one sale's guard with the store, under way or over.
 *
 * @param compared seats and buyers, or coupons and buyers
 * @param repaired how many of each kind of difference
 * @param leftAlone differences too young to be one, or that somebody else was just changing
 * @param reason why it failed
 */
public record ReconciliationReport(
        String saleKey,
        SaleKind kind,
        State state,
        long compared,
        Map<GuardDifference, Long> repaired,
        long leftAlone,
        Instant startedAt,
        long durationMillis,
        @Nullable String reason) {

    public enum State {
        RUNNING,
        DONE,
        /** There was no complete guard to compare: it is being rebuilt. */
        GUARD_LOST,
        /** The sale is over; its guard was removed. */
        SALE_ENDED,
        FAILED
    }
}
