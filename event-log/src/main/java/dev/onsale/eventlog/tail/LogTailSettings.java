package dev.onsale.eventlog.tail;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the tail of the log ({@code onsale.log-tail.*}).
 *
 * @param pollInterval time between two looks for events that other nodes have committed, at least 1 ms
 * @param gapPatience how long a gap in the positions must have been seen before it may count as a transaction that was
 *     rolled back; a locking read must then find no uncommitted row in it
 */
@ConfigurationProperties("onsale.log-tail")
public record LogTailSettings(
        @DefaultValue("50ms") Duration pollInterval,
        @DefaultValue("500ms") Duration gapPatience) {

    public LogTailSettings {
        if (pollInterval.toMillis() < 1) {
            throw new IllegalArgumentException("onsale.log-tail.poll-interval is at least 1 ms");
        }
        if (gapPatience.isNegative()) {
            throw new IllegalArgumentException("onsale.log-tail.gap-patience is not negative");
        }
    }
}
