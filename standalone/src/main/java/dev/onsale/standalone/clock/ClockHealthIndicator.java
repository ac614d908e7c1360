package dev.onsale.standalone.clock;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Whether the node's own clock is right. No part of readiness: deadlines do not depend on it. */
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
    }
}
