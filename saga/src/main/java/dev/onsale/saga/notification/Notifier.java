package dev.onsale.saga.notification;

import java.sql.Timestamp;
import java.time.Clock;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.kafka.listener.MessageListener;

/**
 * Sends each event over every channel, once as far as can be known: what was sent is recorded after it was sent, so that a
 * repeat, or the failure of another channel, does not send it again. A crash in between does.
 */
final class Notifier implements MessageListener<String, byte @Nullable []> {

    private final List<Channel> channels;
    private final JdbcOperations jdbc;
    private final Clock clock;
    private final NotificationStart start;

    Notifier(NotificationStart start, List<Channel> channels, JdbcOperations jdbc, Clock clock) {
        this.start = start;
        this.channels = List.copyOf(channels);
        this.jdbc = jdbc;
        this.clock = clock;
    }

    @Override
    public void onMessage(ConsumerRecord<String, byte @Nullable []> record) {
        try {
            if (start.covers(record)) {
                Notice.of(record).ifPresent(this::tell);
            }
        } catch (Error failure) {
            throw asException(failure);
        }
    }

    /** An {@link Error} that leaves the listener ends its consumer, and with it every other sale of the partition. */
    private static RuntimeException asException(Throwable failure) {
        return failure instanceof RuntimeException exception
                ? exception
                : new IllegalStateException("The record could not be handled: " + failure, failure);
    }

    /** Tries every channel before the failure of one is thrown. */
    private void tell(Notice notice) {
        RuntimeException failure = null;
        for (Channel channel : channels) {
            try {
                if (!wentOut(notice, channel)) {
                    channel.send(notice);
                    remember(notice, channel);
                }
            } catch (RuntimeException | Error e) {
                failure = asException(e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private boolean wentOut(Notice notice, Channel channel) {
        Long count = jdbc.queryForObject(
                "SELECT COUNT(*) FROM notification_sent WHERE event_id = ? AND channel = ?",
                Long.class,
                notice.id(),
                channel.name());
        return count != null && count > 0;
    }

    private void remember(Notice notice, Channel channel) {
        jdbc.update(
                "INSERT IGNORE INTO notification_sent (event_id, channel, sent_at) VALUES (?, ?, ?)",
                notice.id(),
                channel.name(),
                Timestamp.from(clock.instant()));
    }
}
