package dev.onsale.standalone.clock;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import javax.sql.DataSource;

/** Reads the time of the database. */
final class DatabaseTime {

    private static final int SAMPLES = 5;
    private static final int TIMEOUT_SECONDS = 2;

    private final DataSource database;

    DatabaseTime(DataSource database) {
        this.database = database;
    }

    /**
     * The database's time at one value of {@link System#nanoTime}.
     *
     * @param uncertainty maximum error of the time: half of the round trip
     */
    record Sample(Instant time, long nanos, Duration uncertainty) {

        Instant at(long otherNanos) {
            return time.plusNanos(otherNanos - nanos);
        }
    }

    /** Takes several samples and returns the one with the shortest round trip. */
    Sample measure() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement query = connection.prepareStatement("SELECT UTC_TIMESTAMP(6)")) {
            query.setQueryTimeout(TIMEOUT_SECONDS);
            Sample best = sample(query);
            for (int i = 1; i < SAMPLES; i++) {
                Sample next = sample(query);
                best = next.uncertainty().compareTo(best.uncertainty()) < 0 ? next : best;
            }
            return best;
        }
    }

    private static Sample sample(PreparedStatement query) throws SQLException {
        long begun = System.nanoTime();
        try (ResultSet rows = query.executeQuery()) {
            long half = (System.nanoTime() - begun) / 2;
            rows.next();
            Instant time = rows.getObject(1, LocalDateTime.class).toInstant(ZoneOffset.UTC);
            return new Sample(time, begun + half, Duration.ofNanos(half));
        }
    }
}
