package dev.onsale.standalone;

import dev.onsale.platform.supervision.NodeLeaseLost;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;

/** Ends the process when it has lost the command lease: its cached state may be stale, and its saga steps must stop. */
final class LeaseLostListener implements ApplicationListener<PayloadApplicationEvent<NodeLeaseLost>> {

    @Override
    public void onApplicationEvent(PayloadApplicationEvent<NodeLeaseLost> lost) {
        System.err.println("Onsale ends: " + lost.getPayload().reason());
        System.exit(1);
    }
}
