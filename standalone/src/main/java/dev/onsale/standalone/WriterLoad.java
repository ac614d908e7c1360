package dev.onsale.standalone;

import dev.onsale.waitingroom.room.SalesLoad;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How busy the writers are, from the figures that the operator sees. The latency is the mean of the commits since the last
 * look: their maximum is kept for minutes and would hold the waiting rooms back long after one slow commit.
 */
final class WriterLoad implements SalesLoad {

    /** Several rooms ask within the same second. */
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final MeterRegistry metrics;
    private long lookedAt = System.nanoTime();
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
        if (now - lookedAt >= LOOK_NANOS) {
            lookedAt = now;
            look();
        }
        return latency;
    }

    /** Nothing committed is no load. */
    synchronized void look() {
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
