package dev.onsale.command.store;

import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Checks whether an event is stored. */
public final class StoredIdentifiers {

    private final JdbcClient jdbc;

    public StoredIdentifiers(DataSource dataSource) {
        this.jdbc = JdbcClient.create(dataSource);
    }

    /** A locking read: it waits for the end of a transaction that is writing this event at the moment. */
    boolean contains(String eventIdentifier) {
        return jdbc.sql("SELECT COUNT(*) FROM domain_event WHERE event_identifier = :id LOCK IN SHARE MODE")
                        .param("id", eventIdentifier)
                        .query(Integer.class)
                        .single()
                > 0;
    }
}
