package dev.onsale.standalone;

import dev.onsale.waitingroom.room.SalesLoad;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The load of the writers, from their metrics. The latency is the mean of the commits since the last reading. The
 * maximum is not used because Micrometer keeps it for minutes, so one slow commit would throttle the waiting rooms for
 * that long. Thread-safe.
 */
final class WriterLoad implements SalesLoad {

    /** Minimum time between two readings. Several rooms may call within one second. */
    private static final long UPDATE_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final MeterRegistry metrics;
    private long updatedAt = System.nanoTime();
    private long commits;
    private double commitNanos;
    private Duration latency = Duration.ZERO;

    WriterLoad(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    @Override
    public double queueDepth() {
        return metrics.find("onsale.writer.queue.depth").gauges().stream()
                .mapToDouble(Gauge::value)
                .filter(Double::isFinite)
                .sum();
    }

    @Override
    public synchronized Duration latency() {
        long now = System.nanoTime();
        if (now - updatedAt >= UPDATE_INTERVAL_NANOS) {
            updatedAt = now;
            update();
        }
        return latency;
    }

    @Override
    public Duration readModelLag() {
        double seconds = metrics.find("onsale.follower.lag.seconds").tag("follower", "read-models").gauges().stream()
                .mapToDouble(Gauge::value)
                .filter(Double::isFinite)
                .max()
                .orElse(0);
        return Duration.ofMillis(Math.round(seconds * TimeUnit.SECONDS.toMillis(1)));
    }

    /** Computes the latency since the last reading; zero without commits. */
    synchronized void update() {
        long count = 0;
        double total = 0;
        for (Timer timer : metrics.find("onsale.store.flush").timers()) {
            count += timer.count();
            total += timer.totalTime(TimeUnit.NANOSECONDS);
        }
        latency = count > commits
                ? Duration.ofNanos(Math.round((total - commitNanos) / (count - commits)))
                : Duration.ZERO;
        commits = count;
        commitNanos = total;
    }
}
