package dev.onsale.saga.notification;

import dev.onsale.eventlog.StoredEvents;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Decides once per consumer group where its notifications begin, and keeps the decision in the database. It is stored before
 * the first record is consumed, so that a crash or a restart neither tells the past nor skips what happened meanwhile.
 */
final class NotificationStarts {

    private static final Logger log = LoggerFactory.getLogger(NotificationStarts.class);

    private final JdbcClient jdbc;
    private final Clock clock;

    NotificationStarts(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** The stored start of the group; if there is none, the wanted one is stored. */
    NotificationStart of(String groupId, StartSetting wanted) {
        return stored(groupId).orElseGet(() -> decide(groupId, wanted));
    }

    private NotificationStart decide(String groupId, StartSetting wanted) {
        NotificationStart start = resolve(wanted);
        Instant notBefore = start.notBefore();
        // Of two processes that start at once the first one decides.
        jdbc.sql("INSERT IGNORE INTO notification_start (group_id, after_position, not_before, decided_at)"
                        + " VALUES (:group, :position, :notBefore, :now)")
                .param("group", groupId)
                .param("position", start.afterPosition())
                .param("notBefore", notBefore == null ? null : notBefore.toString())
                .param("now", clock.instant().toString())
                .update();
        NotificationStart decided = stored(groupId).orElseThrow();
        log.info("Notifications of group {} begin after position {} of the log", groupId, decided.afterPosition());
        return decided;
    }

    /** An older version notified without a stored start: its group goes on where it stopped. */
    private boolean hasNotified() {
        return jdbc.sql("SELECT COUNT(*) FROM (SELECT 1 FROM notification_sent LIMIT 1) sent")
                                .query(Long.class)
                                .single()
                        > 0
                && jdbc.sql("SELECT COUNT(*) FROM notification_start")
                                .query(Long.class)
                                .single()
                        == 0;
    }

    private NotificationStart resolve(StartSetting wanted) {
        return switch (wanted) {
            case StartSetting.Now now ->
                hasNotified()
                        ? NotificationStart.BEGINNING
                        : new NotificationStart(new StoredEvents(jdbc).head(), null);
            case StartSetting.Beginning beginning -> NotificationStart.BEGINNING;
            case StartSetting.At at -> new NotificationStart(0, at.instant());
        };
    }

    private Optional<NotificationStart> stored(String groupId) {
        return jdbc.sql("SELECT after_position, not_before FROM notification_start WHERE group_id = ?")
                .param(groupId)
                .query((row, number) -> {
                    String notBefore = row.getString(2);
                    return new NotificationStart(row.getLong(1), notBefore == null ? null : Instant.parse(notBefore));
                })
                .optional();
    }
}
