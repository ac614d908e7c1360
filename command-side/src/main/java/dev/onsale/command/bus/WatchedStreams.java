package dev.onsale.command.bus;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventStream;

/**
 * Lets those who follow the log look often. A pooled processor that has taken everything looks again after half a second if
 * its stream cannot tell it of more, and Axon's own cannot; on the way to a read model and to a captured payment that half
 * second is most of the time. A look at what is in memory costs microseconds.
 */
final class WatchedStreams implements AutoCloseable {

    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private final Set<Runnable> lookers = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("log-followers").factory());

    WatchedStreams() {
        var unused = clock.scheduleWithFixedDelay(
                () -> lookers.forEach(WatchedStreams::look),
                LOOK_EVERY.toMillis(),
                LOOK_EVERY.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** A processor that is shutting down takes no more tasks; the others still do. */
    private static void look(Runnable looker) {
        try {
            looker.run();
        } catch (RuntimeException stopping) {
            // It closes its stream in a moment.
        }
    }

    TrackingEventStream watch(TrackingEventStream stream) {
        return new Watched(stream);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    private final class Watched implements TrackingEventStream {

        private final TrackingEventStream stream;
        private volatile Runnable looker = () -> {};

        Watched(TrackingEventStream stream) {
            this.stream = stream;
        }

        @Override
        public boolean setOnAvailableCallback(Runnable callback) {
            lookers.remove(looker);
            looker = callback;
            lookers.add(callback);
            return true;
        }

        @Override
        public Optional<TrackedEventMessage<?>> peek() {
            return stream.peek();
        }

        @Override
        public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
            return stream.hasNextAvailable(timeout, unit);
        }

        @Override
        public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
            return stream.nextAvailable();
        }

        @Override
        public void skipMessagesWithPayloadTypeOf(TrackedEventMessage<?> ignored) {
            stream.skipMessagesWithPayloadTypeOf(ignored);
        }

        @Override
        public void close() {
            lookers.remove(looker);
            stream.close();
        }
    }
}
