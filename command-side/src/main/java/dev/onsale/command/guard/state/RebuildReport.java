package dev.onsale.command.guard.state;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A rebuild of one sale's guard, under way or over.
 *
 * @param eventsRead from the store
 * @param restored seats or coupons
 * @param buyersRestored buyers of seats with their number of seats; 0 for campaigns
 * @param reason why it failed
 */
public record RebuildReport(
        String saleKey,
        SaleKind kind,
        State state,
        long eventsRead,
        long restored,
        long buyersRestored,
        Instant startedAt,
        long durationMillis,
        @Nullable String reason) {

    public enum State {
        RUNNING,
        DONE,
        /** It is tried again with the next buyer. */
        FAILED
    }
}
