package dev.onsale.standalone.clock;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Reports whether the clocks of node, database and Redis agree. Not part of readiness: an offset does not change when
 * open holds end.
 */
final class ClockHealthIndicator extends AbstractHealthIndicator {

    private final ClockFollower follower;

    ClockHealthIndicator(ClockFollower follower) {
        this.follower = follower;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        if (follower.isOff()) {
            health.down();
        } else {
            health.up();
        }
        health.withDetail("offsetMillis", follower.offset().toMillis());
        health.withDetail("databaseAheadMillis", follower.databaseAhead().toMillis());
        follower.redisAhead().ifPresent(ahead -> health.withDetail("redisAheadMillis", ahead.toMillis()));
    }
}
