package dev.onsale.waitingroom.task;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.stereotype.Component;

/** {@code /actuator/health/waitingRooms}: rooms that fail, with task and reason. Not part of readiness. */
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
