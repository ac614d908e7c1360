package dev.onsale.waitingroom.room;

import java.time.Duration;

/**
 * Load of the command side, for the autopilot. The application that hosts the waiting room provides it. Does not block.
 */
public interface SalesLoad {

    /** Commands that wait for a writer. */
    double queueDepth();

    /** Recent latency of commands. */
    Duration latency();

    /** How far what buyers see is behind what is sold. */
    default Duration readModelLag() {
        return Duration.ZERO;
    }
}
