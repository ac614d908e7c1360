package dev.onsale.query.statistics;

import java.io.Serializable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The primary key of a minute's row; {@code minute} is when it begins, ISO 8601 in UTC. */
record MinuteKey(String performanceId, String minute) implements Serializable {

    static MinuteKey of(String performanceId, Instant at) {
        return new MinuteKey(performanceId, minute(at));
    }

    static String minute(Instant at) {
        return at.truncatedTo(ChronoUnit.MINUTES).toString();
    }
}
