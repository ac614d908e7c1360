package dev.onsale.eventlog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.SortedSet;
import org.axonframework.eventsourcing.eventstore.jdbc.EventSchema;

/**
 * How followers treat a position that is missing while later ones are there: its transaction may still be under way on another
 * connection or node, or was rolled back. Axon's defaults give a gap up when it is 10,000 positions behind, which is less than
 * half a second of a busy sale.
 */
final class Gaps {

    /**
     * Longer than a fact can be on its way: waiting for its writer, tried again while its outcome is uncertain, and at last behind
     * another transaction's lock. Counted from the instant of the fact behind the gap.
     */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    /** What a transaction may wait for a lock at most, so that {@link #PATIENCE} holds. */
    static final Duration LOCK_WAIT_MAX = Duration.ofSeconds(50);

    /** More positions than a database takes in that time. */
    static final int OFFSET_MAX = 20_000_000;

    /** A few groups that were rolled back leave that many; a token of this size is still quick to store. */
    static final int CLEANING_THRESHOLD = 5_000;

    private static final int CLEANED_AT_ONCE = 10_000;

    private Gaps() {}

    /** The oldest rows around gaps, not all of them: between two gaps there may be millions. */
    static PreparedStatement oldest(Connection connection, EventSchema schema, SortedSet<Long> gaps)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement("SELECT " + schema.globalIndexColumn() + ", "
                + schema.timestampColumn() + " FROM " + schema.domainEventTable() + " WHERE "
                + schema.globalIndexColumn() + " BETWEEN ? AND ? ORDER BY " + schema.globalIndexColumn() + " LIMIT "
                + CLEANED_AT_ONCE);
        statement.setLong(1, gaps.first());
        statement.setLong(2, gaps.last() + 1L);
        return statement;
    }
}
