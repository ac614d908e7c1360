package dev.onsale.command.node;

import java.util.Set;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Whether this node may take commands. A node that reaches no owner of a shard and owns none itself is of no use to clients; one with
 * shards stays up, because else the end of one node would take all others out of the load balancer.
 */
final class NodeLeaseHealthIndicator extends AbstractHealthIndicator {

    private final NodeMembership membership;

    NodeLeaseHealthIndicator(NodeMembership membership) {
        this.membership = membership;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        boolean isHeld = membership.isTrusted() && !membership.isLost();
        String state = membership.isLost() ? "LOST" : isHeld ? "HELD" : "NOT_RENEWED";
        Set<String> unreachable = membership.unreachable();
        boolean isOfUse = membership.owned() > 0 || unreachable.isEmpty();
        health.status(isHeld && isOfUse ? Status.UP : Status.DOWN)
                .withDetail("lease", state)
                .withDetail("node", membership.id())
                .withDetail("shards", membership.owned())
                .withDetail("nodes", membership.map().members().size())
                .withDetail("unreachable", unreachable);
    }
}
