package dev.onsale.waitingroom.room;

import java.time.Duration;

/** How busy those are who sell, for the autopilot. Whoever assembles the process connects it; answers at once. */
public interface SalesLoad {

    /** Orders that wait for a writer. */
    double queueDepth();

    /** How long an order lately took. */
    Duration latency();
}
