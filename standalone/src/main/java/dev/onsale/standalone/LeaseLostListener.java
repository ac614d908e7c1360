package dev.onsale.standalone;

import dev.onsale.platform.supervision.NodeLeaseLost;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;

/** Ends the process when it may take no more commands: what it has in memory may be stale, and its saga steps must stop. */
final class LeaseLostListener implements ApplicationListener<PayloadApplicationEvent<NodeLeaseLost>> {

    @Override
    public void onApplicationEvent(PayloadApplicationEvent<NodeLeaseLost> lost) {
        System.err.println("Onsale ends: " + lost.getPayload().reason());
        System.exit(1);
    }
}
