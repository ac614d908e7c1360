package dev.onsale.command.guard.state;

import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.coupon.CampaignLaunched;
import dev.onsale.api.performance.PerformanceScheduled;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;

/**
 * How long the guard of a sale is kept. A sale ends when nothing of it can be held, claimed or paid for any more; its guard is kept
 * for a while longer, so that whoever repeats a late request hears how the first one ended. After that the terms of the sale
 * answer alone.
 */
public final class GuardRetention {

    /** Nothing is added to an instant beyond it. */
    private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

    private final Duration paymentWindow;
    private final Duration claimDuration;
    private final Duration retention;
    private final Clock clock;

    public GuardRetention(Duration paymentWindow, Duration claimDuration, Duration retention, Clock clock) {
        this.paymentWindow = paymentWindow;
        this.claimDuration = claimDuration;
        this.retention = retention;
        this.clock = clock;
    }

    /** The first instant at which the guard is no longer kept. */
    public Instant guardedUntil(PerformanceScheduled sale) {
        return plus(endOf(sale), retention);
    }

    /** As {@link #guardedUntil(PerformanceScheduled)}. */
    public Instant guardedUntil(CampaignLaunched sale) {
        return plus(endOf(sale), retention);
    }

    /** Whether something of the sale may still be held, claimed or paid for. */
    public boolean isLive(OnsaleEvent sale) {
        return clock.instant().isBefore(endOf(sale));
    }

    public boolean isKept(OnsaleEvent sale) {
        return clock.instant().isBefore(plus(endOf(sale), retention));
    }

    /** Whether the guard of a campaign that was closed then is still kept. */
    public boolean isKeptAfter(Instant closedAt) {
        return clock.instant().isBefore(plus(closedAt, claimDuration.plus(retention)));
    }

    private Instant endOf(OnsaleEvent sale) {
        return switch (sale) {
            case PerformanceScheduled performance -> {
                Instant last = Stream.of(
                                performance.startsAt(),
                                performance.holdableUntil(),
                                performance.latestInstants().sellingEndsAt())
                        .max(Instant::compareTo)
                        .orElseThrow();
                yield plus(last, performance.holdDuration().plus(paymentWindow));
            }
            case CampaignLaunched campaign -> plus(campaign.closesAt(), claimDuration);
            default -> throw new IllegalArgumentException("Not the first fact of a sale: " + sale);
        };
    }

    private static Instant plus(Instant instant, Duration duration) {
        return instant.isBefore(LATEST) ? instant.plus(duration) : instant;
    }
}
