package dev.onsale.command.node;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Whether this node may take commands. */
final class NodeLeaseHealthIndicator extends AbstractHealthIndicator {

    private final NodeLease lease;

    NodeLeaseHealthIndicator(NodeLease lease) {
        this.lease = lease;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        String state = lease.isLost() ? "LOST" : lease.isOpen() ? "HELD" : "NOT_RENEWED";
        health.status(
                        lease.isOpen()
                                ? org.springframework.boot.health.contributor.Status.UP
                                : org.springframework.boot.health.contributor.Status.DOWN)
                .withDetail("lease", state)
                .withDetail("epoch", lease.epoch());
    }
}
