package dev.onsale.waitingroom.task;

import java.time.Duration;

/** A task that a node runs for each room. The lower-case name is the tag {@code task} of the metrics. */
public enum RoomTask {
    OPENING("Opening of the configured waiting room"),
    SETTINGS("Reading of the settings of waiting room"),
    ADMISSION("Admission to waiting room"),
    SWEEP("Sweep of waiting room"),
    JOURNAL("Journal of waiting room"),
    SIGNS_OF_LIFE("Signs of life of waiting room"),
    RESTORATION("Restoration of waiting room"),
    DRAW("Draw of waiting room");

    private static final Duration PAUSE_MAX = Duration.ofSeconds(5);
    private static final Duration LONG_PAUSE_MAX = Duration.ofSeconds(30);

    final String title;

    RoomTask(String title) {
        this.title = title;
    }

    /** Rare work on a whole room. Its first failure is logged. */
    boolean isLong() {
        return this == RESTORATION || this == DRAW;
    }

    /** Maximum backoff. */
    Duration pauseMax() {
        return isLong() ? LONG_PAUSE_MAX : PAUSE_MAX;
    }
}
