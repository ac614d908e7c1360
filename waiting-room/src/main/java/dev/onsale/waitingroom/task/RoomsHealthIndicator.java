package dev.onsale.waitingroom.task;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.stereotype.Component;

/** {@code /actuator/health/waitingRooms}: the rooms that fail, each with its task and reason. No part of readiness. */
@Component("waitingRoomsHealthIndicator")
public final class RoomsHealthIndicator extends AbstractHealthIndicator {

    private final RoomFailures failures;

    public RoomsHealthIndicator(RoomFailures failures) {
        this.failures = failures;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        var reasons = failures.reasons();
        (reasons.isEmpty() ? health.up() : health.down()).withDetails(reasons);
    }
}
