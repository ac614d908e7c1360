package dev.onsale.standalone.clock;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Whether the clocks of node, database and Redis agree. No part of readiness: open holds end when they should whatever they show. */
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
