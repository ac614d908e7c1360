package dev.onsale.command.guard.state;

import dev.onsale.command.guard.coupon.CouponGuard.CouponClaim;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.springframework.stereotype.Component;

/** What the guards answered and what was done to keep them right. */
@Component
public final class GuardMetrics {

    private final MeterRegistry registry;
    private final Counter granted;
    private final Counter taken;
    private final Counter blocked;
    private final Counter limitReached;
    private final Counter busy;
    private final Counter unguarded;
    private final Counter away;
    private final Counter bestPassed;
    private final Counter bestRefused;
    private final Counter lockTimeouts;
    private final Counter couponsFromMemory;
    private final Counter removed;
    private final Map<CouponClaim, Counter> coupons = new EnumMap<>(CouponClaim.class);

    public GuardMetrics(MeterRegistry registry) {
        this.registry = registry;
        granted = claims("seat", "granted");
        taken = claims("seat", "taken");
        blocked = claims("seat", "blocked");
        limitReached = claims("seat", "limit_reached");
        busy = claims("seat", "busy");
        unguarded = claims("seat", "unguarded");
        away = claims("seat", "away");
        for (CouponClaim claim : CouponClaim.values()) {
            coupons.put(claim, claims("coupon", claim.name().toLowerCase(Locale.ROOT)));
        }
        bestPassed = claims("best_seats", "granted");
        bestRefused = claims("best_seats", "not_enough");
        lockTimeouts = Counter.builder("reservation.lock.timeout")
                .description("Claims that did not get the locks of their seats in time")
                .register(registry);
        removed = Counter.builder("onsale.guard.removed")
                .description("Guards removed because their sale was over")
                .register(registry);
        couponsFromMemory = Counter.builder("onsale.guard.memory.answers")
                .description("Coupons refused as sold out by this process alone, without Redis")
                .register(registry);
    }

    public void claimed(SeatClaims claims) {
        switch (claims) {
            case SeatClaims.Granted unused -> granted.increment();
            case SeatClaims.Taken unused -> taken.increment();
            case SeatClaims.Blocked unused -> blocked.increment();
            case SeatClaims.LimitReached unused -> limitReached.increment();
            case SeatClaims.Busy unused -> busy.increment();
            case SeatClaims.Unguarded unused -> unguarded.increment();
            case SeatClaims.Away unused -> away.increment();
        }
    }

    public void claimed(CouponClaim claim) {
        Counter counter = coupons.get(claim);
        if (counter != null) {
            counter.increment();
        }
    }

    public void bestSeatsAsked(boolean passes) {
        (passes ? bestPassed : bestRefused).increment();
    }

    public void lockTimedOut() {
        lockTimeouts.increment();
    }

    public void couponAnsweredFromMemory() {
        couponsFromMemory.increment();
    }

    public void rebuilt(String kind, String outcome, Duration took, long events, long restored) {
        Timer.builder("onsale.guard.rebuild")
                .description("Rebuilds of lost guards from the store")
                .tags("kind", kind, "outcome", outcome)
                .register(registry)
                .record(took);
        Counter.builder("onsale.guard.rebuild.events")
                .description("Facts read to rebuild guards")
                .tag("kind", kind)
                .register(registry)
                .increment((double) events);
        Counter.builder("onsale.guard.rebuild.restored")
                .description("Seats and coupons restored in guards")
                .tag("kind", kind)
                .register(registry)
                .increment((double) restored);
    }

    public void reconciled(String kind, String outcome, Duration took) {
        Timer.builder("onsale.guard.reconciliation")
                .description("Comparisons of a guard with the store")
                .tags("kind", kind, "outcome", outcome)
                .register(registry)
                .record(took);
    }

    public void removed() {
        removed.increment();
    }

    public void repaired(String difference, long count) {
        Counter.builder("onsale.guard.repairs")
                .description("Differences between guard and store that were repaired")
                .tag("difference", difference)
                .register(registry)
                .increment((double) count);
    }

    private Counter claims(String kind, String outcome) {
        return Counter.builder("onsale.guard.claims")
                .description("Answers of the guards")
                .tags("kind", kind, "outcome", outcome)
                .register(registry);
    }
}
