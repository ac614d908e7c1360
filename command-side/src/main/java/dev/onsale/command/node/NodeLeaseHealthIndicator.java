package dev.onsale.command.node;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/** Whether this node may take commands. */
final class NodeLeaseHealthIndicator extends AbstractHealthIndicator {

    private final NodeMembership membership;

    NodeLeaseHealthIndicator(NodeMembership membership) {
        this.membership = membership;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        boolean isHeld = membership.isTrusted() && !membership.isLost();
        String state = membership.isLost() ? "LOST" : isHeld ? "HELD" : "NOT_RENEWED";
        health.status(isHeld ? Status.UP : Status.DOWN)
                .withDetail("lease", state)
                .withDetail("node", membership.id())
                .withDetail("shards", membership.owned())
                .withDetail("nodes", membership.map().members().size());
    }
}
