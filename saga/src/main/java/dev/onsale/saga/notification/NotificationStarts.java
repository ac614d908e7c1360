package dev.onsale.saga.notification;

import dev.onsale.eventlog.StoredEvents;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Decides once per consumer group where its notifications begin, and keeps the decision in the database. It is stored before
 * the first record is consumed, so that a crash or a restart neither tells the past nor skips what happened meanwhile. After
 * notifications were off for long it decides again.
 */
final class NotificationStarts {

    private static final Logger log = LoggerFactory.getLogger(NotificationStarts.class);

    /** Events so soon after the last note may be from before a crash, when notifications were still on. */
    private static final Duration NOTE_MARGIN = NotificationActivity.EVERY.multipliedBy(2);

    private final JdbcClient jdbc;
    private final Clock clock;

    NotificationStarts(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * @param lastOn when notifications were last on; absent for a group of an older version
     * @param lastPosition head of the log then
     */
    private record Stored(NotificationStart start, @Nullable Instant lastOn, long lastPosition) {}

    /**
     * The stored start of the group; if there is none, the wanted one is stored.
     *
     * @param resumeWithin if notifications were off for longer and something happened meanwhile, the wanted start counts again
     */
    NotificationStart of(String groupId, StartSetting wanted, Duration resumeWithin) {
        Optional<Stored> stored = stored(groupId);
        if (stored.isEmpty()) {
            return decide(groupId, wanted);
        }
        Instant lastOn = stored.get().lastOn();
        return lastOn == null
                        || !clock.instant().isAfter(lastOn.plus(resumeWithin))
                        || !new StoredEvents(jdbc).hasLater(stored.get().lastPosition(), lastOn.plus(NOTE_MARGIN))
                ? stored.get().start()
                : resume(groupId, stored.get(), lastOn, wanted, new StoredEvents(jdbc).head());
    }

    private NotificationStart resume(String groupId, Stored stored, Instant lastOn, StartSetting wanted, long head) {
        NotificationStart before = stored.start();
        NotificationStart next =
                switch (wanted) {
                    case StartSetting.Now now -> new NotificationStart(head, before.notBefore());
                    case StartSetting.Beginning beginning -> before;
                    case StartSetting.At at ->
                        new NotificationStart(before.afterPosition(), later(before.notBefore(), at.instant()));
                };
        Instant notBefore = next.notBefore();
        // Of two processes that start at once the first one decides.
        int decided = jdbc.sql("UPDATE notification_start SET after_position = :position, not_before = :notBefore,"
                        + " decided_at = :now, last_on = :now, last_position = :head"
                        + " WHERE group_id = :group AND last_on = :lastOn")
                .param("position", next.afterPosition())
                .param("notBefore", notBefore == null ? null : notBefore.toString())
                .param("now", clock.instant().toString())
                .param("head", head)
                .param("group", groupId)
                .param("lastOn", lastOn.toString())
                .update();
        if (decided == 1) {
            log.warn(
                    "Notifications of group {} were off since {}, and the log went from position {} to {} meanwhile: {}",
                    groupId,
                    lastOn,
                    stored.lastPosition(),
                    head,
                    switch (wanted) {
                        case StartSetting.Now now -> "buyers are not notified of what happened up to position " + head;
                        case StartSetting.Beginning beginning -> "buyers are notified of it now";
                        case StartSetting.At at -> "buyers are not notified of what happened before " + at.instant();
                    });
        }
        return stored(groupId).orElseThrow().start();
    }

    private static Instant later(@Nullable Instant one, Instant other) {
        return one == null || one.isBefore(other) ? other : one;
    }

    /** Notes that notifications of the group are on. */
    void noteOn(String groupId) {
        jdbc.sql("UPDATE notification_start SET last_on = :now, last_position = :head WHERE group_id = :group")
                .param("now", clock.instant().toString())
                .param("head", new StoredEvents(jdbc).head())
                .param("group", groupId)
                .update();
    }

    private NotificationStart decide(String groupId, StartSetting wanted) {
        NotificationStart start = resolve(wanted);
        Instant notBefore = start.notBefore();
        // Of two processes that start at once the first one decides.
        jdbc.sql("INSERT IGNORE INTO notification_start (group_id, after_position, not_before, decided_at, last_on,"
                        + " last_position) VALUES (:group, :position, :notBefore, :now, :now, :head)")
                .param("group", groupId)
                .param("position", start.afterPosition())
                .param("notBefore", notBefore == null ? null : notBefore.toString())
                .param("now", clock.instant().toString())
                .param("head", new StoredEvents(jdbc).head())
                .update();
        NotificationStart decided = stored(groupId).orElseThrow().start();
        log.info("Notifications of group {} begin after position {} of the log", groupId, decided.afterPosition());
        return decided;
    }

    /** An older version notified without a stored start. Its group continues where it stopped. */
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

    private Optional<Stored> stored(String groupId) {
        return jdbc.sql("SELECT after_position, not_before, last_on, last_position FROM notification_start"
                        + " WHERE group_id = ?")
                .param(groupId)
                .query((row, number) -> new Stored(
                        new NotificationStart(row.getLong(1), instant(row.getString(2))),
                        instant(row.getString(3)),
                        row.getLong(4)))
                .optional();
    }

    private static @Nullable Instant instant(@Nullable String text) {
        return text == null ? null : Instant.parse(text);
    }
}
