package dev.onsale.command.store;

import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Asks the store itself whether an event is in it. The read takes a shared lock: it waits for a transaction that has inserted
 * the event and has not ended yet, for example one whose connection was lost while it committed.
 */
public final class StoredIdentifiers {

    private final JdbcClient jdbc;

    public StoredIdentifiers(DataSource dataSource) {
        this.jdbc = JdbcClient.create(dataSource);
    }

    boolean contains(String eventIdentifier) {
        return jdbc.sql("SELECT 1 FROM domain_event WHERE event_identifier = :id LOCK IN SHARE MODE")
                .param("id", eventIdentifier)
                .query(Integer.class)
                .optional()
                .isPresent();
    }
}
