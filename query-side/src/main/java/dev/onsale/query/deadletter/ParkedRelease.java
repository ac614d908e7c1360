package dev.onsale.query.deadletter;

import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Lets parked records go on once nothing dead is before them, and counts what waits. Every process may do it. */
@Component
class ParkedRelease implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ParkedRelease.class);

    private static final long EVERY_MILLIS = 500;
    private static final long COUNTED_EVERY_MILLIS = 2_000;
    private static final int KEYS_AT_ONCE = 100;
    private static final int FORGOTTEN_AT_ONCE = 1_000;
    private static final long STOP_SECONDS_MAX = 5;

    private final DeadLetterStore store;
    private final DeadLetterCounts counts;
    private final Retry retry;
    private final DeadLetterSettings settings;
    private final Clock clock;
    private @Nullable ScheduledExecutorService executor;

    ParkedRelease(
            DeadLetterStore store, DeadLetterCounts counts, Retry retry, DeadLetterSettings settings, Clock clock) {
        this.store = store;
        this.counts = counts;
        this.retry = retry;
        this.settings = settings;
        this.clock = clock;
    }

    private void look() {
        try {
            store.due(KEYS_AT_ONCE).forEach(retry::release);
        } catch (RuntimeException failure) {
            log.warn("Dead letters could not be looked after: {}", failure.toString());
        }
    }

    private void count() {
        try {
            counts.look();
            store.forgetSettledBefore(clock.instant().minus(settings.keptAfter()), FORGOTTEN_AT_ONCE);
        } catch (RuntimeException failure) {
            log.warn("Dead letters could not be counted: {}", failure.toString());
        }
    }

    @Override
    public synchronized void start() {
        if (executor == null) {
            executor = Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("dead-letters").factory());
            var unusedLook =
                    executor.scheduleWithFixedDelay(this::look, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
            var unusedCount =
                    executor.scheduleWithFixedDelay(this::count, 0, COUNTED_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public synchronized void stop() {
        if (executor == null) {
            return;
        }
        executor.shutdownNow();
        try {
            if (!executor.awaitTermination(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
                log.warn("The look after dead letters did not stop in {} s", STOP_SECONDS_MAX);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        executor = null;
    }

    @Override
    public synchronized boolean isRunning() {
        return executor != null;
    }
}
