package dev.onsale.query.consumption;

import dev.onsale.api.Topics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * How old the events are that a group of consumers applies. A batch that is tried again counts until it succeeds; a group that
 * gets nothing has no lag. Thread-safe.
 */
final class ConsumerLag {

    /** So long the last batch speaks for a group that gets nothing more. */
    private static final Duration REMEMBERED = Duration.ofSeconds(5);

    private record Last(Instant at, Duration age) {}

    private final Clock clock;
    /** The oldest event of the batch that each thread is applying. */
    private final Map<Thread, Instant> underWay = new ConcurrentHashMap<>();

    private volatile Last last = new Last(Instant.EPOCH, Duration.ZERO);

    ConsumerLag(Clock clock, String follower, MeterRegistry registry) {
        this.clock = clock;
        Gauge.builder("onsale.follower.lag.seconds", this, ConsumerLag::seconds)
                .tag("follower", follower)
                .description("Age of the oldest event that a follower of the log has not handled")
                .register(registry);
    }

    void began(List<? extends ConsumerRecord<?, ?>> records) {
        if (!records.isEmpty()) {
            underWay.put(Thread.currentThread(), time(records.getFirst()));
        }
    }

    /** The batch of this thread is committed. */
    void committed() {
        Instant oldest = underWay.remove(Thread.currentThread());
        if (oldest != null) {
            Instant now = clock.instant();
            last = new Last(now, Duration.between(oldest, now));
        }
    }

    double seconds() {
        Instant now = clock.instant();
        underWay.keySet().removeIf(thread -> !thread.isAlive());
        Last latest = last;
        Duration lag = Duration.between(latest.at().plus(REMEMBERED), now).isNegative() ? latest.age() : Duration.ZERO;
        for (Instant oldest : underWay.values()) {
            Duration age = Duration.between(oldest, now);
            lag = age.compareTo(lag) > 0 ? age : lag;
        }
        return Math.max(0, lag.toMillis()) / (double) TimeUnit.SECONDS.toMillis(1);
    }

    /** When the event was written, or at least when it was published. */
    private static Instant time(ConsumerRecord<?, ?> record) {
        Header header = record.headers().lastHeader(Topics.HEADER_TIME);
        byte @Nullable [] value = header == null ? null : header.value();
        try {
            return value == null
                    ? Instant.ofEpochMilli(record.timestamp())
                    : Instant.parse(new String(value, StandardCharsets.UTF_8));
        } catch (DateTimeException unreadable) {
            return Instant.ofEpochMilli(record.timestamp());
        }
    }
}
