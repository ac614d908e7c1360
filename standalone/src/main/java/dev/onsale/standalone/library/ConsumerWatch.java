package dev.onsale.standalone.library;

import dev.onsale.web.supervision.PeriodicTasks;
import dev.onsale.web.supervision.Supervised;
import dev.onsale.web.supervision.SupervisedWork;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;

/**
 * Starts Kafka consumers again that ended by a failure: Spring Kafka stops one for good on an {@code Error}. What was not committed
 * comes again, which every listener expects.
 */
final class ConsumerWatch implements SmartLifecycle, Supervised {

    private static final Duration EVERY = Duration.ofSeconds(2);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);

    private final Map<SupervisedWork, ConcurrentMessageListenerContainer<?, ?>> consumers;
    private @Nullable PeriodicTasks watch;

    /**
     * @param consumers by the names of their beans
     */
    ConsumerWatch(Map<String, ConcurrentMessageListenerContainer<?, ?>> consumers) {
        this.consumers = new TreeMap<>(java.util.Comparator.comparing(SupervisedWork::name));
        consumers.forEach(
                (name, container) -> this.consumers.put(new SupervisedWork("kafka-" + name, null), container));
    }

    private static final class ConsumerEnded extends Error {

        private static final long serialVersionUID = 1L;

        ConsumerEnded() {
            super("a consumer ended and is started again; its failure is in the log of Spring Kafka");
        }
    }

    private static void look(ConcurrentMessageListenerContainer<?, ?> container) {
        if (!container.isInExpectedState()) {
            container.stop();
            container.start();
            throw new ConsumerEnded();
        }
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return List.copyOf(consumers.keySet());
    }

    /** After the consumers; and it stops before them. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }

    @Override
    public synchronized void start() {
        if (watch == null) {
            PeriodicTasks started = new PeriodicTasks("kafka-consumer-watch");
            consumers.forEach((work, container) -> {
                var unused = started.every(EVERY, work, () -> look(container));
            });
            watch = started;
        }
    }

    @Override
    public synchronized void stop() {
        if (watch != null) {
            watch.stopNow(STOP_PATIENCE);
            watch = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return watch != null;
    }
}
