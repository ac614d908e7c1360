package dev.onsale.platform.supervision;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.apache.kafka.common.Metric;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.listener.MessageListenerContainer;

/**
 * Supervises the Kafka consumers of a process. Spring Kafka stops a consumer for good on an {@code Error}: it is started again, and
 * what was not committed is consumed again, which every listener expects. A consumer that does not poll any more, because its
 * listener hangs, is reported. A normal stop is left alone.
 */
final class KafkaConsumerSupervision extends PeriodicBean {

    /** A consumer that was started again works once it has run for so long. */
    static final Duration WORKS_AFTER = Duration.ofSeconds(30);

    /** As Kafka's default of {@code max.poll.interval.ms}: the broker gives its partitions to other consumers then. */
    private static final Duration POLL_MAX = Duration.ofMinutes(5);

    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

    /** Longer than the stop of all containers, each of which waits for its listener. */
    private static final Duration SILENT_MAX = Duration.ofMinutes(2);

    private static final String POLL_AGE = "last-poll-seconds-ago";

    private final List<Watched> consumers;
    private final Duration pollMax;
    private final LongSupplier nanoTime;

    private static final class Watched {
        final SupervisedWork work;
        final MessageListenerContainer container;
        // Belongs to the thread that looks.
        @Nullable
        Long startedAgain;

        Watched(String name, MessageListenerContainer container) {
            this.work = new SupervisedWork("kafka-" + name, SILENT_MAX);
            this.container = container;
        }
    }

    private static final class ConsumerFailure extends Error {

        private static final long serialVersionUID = 1L;

        ConsumerFailure(String message) {
            super(message);
        }
    }

    /**
     * @param consumers by the names of their beans
     */
    KafkaConsumerSupervision(Map<String, ? extends MessageListenerContainer> consumers) {
        this(consumers, POLL_MAX, System::nanoTime);
    }

    /**
     * @param pollMax longest time between two polls of a consumer that is alive
     */
    KafkaConsumerSupervision(
            Map<String, ? extends MessageListenerContainer> consumers, Duration pollMax, LongSupplier nanoTime) {
        super(new SupervisedWork("kafka-consumer-supervision", SILENT_MAX), LOOK_EVERY);
        this.consumers = new TreeMap<>(consumers)
                .entrySet().stream()
                        .map(named -> new Watched(named.getKey(), named.getValue()))
                        .toList();
        this.pollMax = pollMax;
        this.nanoTime = nanoTime;
    }

    /** One look at all of them. */
    @Override
    protected void round() {
        consumers.forEach(this::look);
    }

    @SuppressWarnings("CatchingUnchecked") // One that cannot be started must not end the looks at the others.
    private void look(Watched consumer) {
        try {
            if (!consumer.container.isInExpectedState()) {
                restart(consumer);
            } else if (!consumer.container.isRunning()) {
                consumer.work.stopped();
            } else {
                consumer.work.started();
                requirePolls(consumer.container);
                if (worksAgain(consumer)) {
                    consumer.work.completed();
                }
            }
        } catch (Throwable failure) {
            consumer.work.failed(failure);
        }
    }

    private void restart(Watched consumer) {
        consumer.work.started();
        consumer.work.failed(new ConsumerFailure(
                "a consumer ended and is started again; its failure is in the log of Spring Kafka"));
        consumer.container.stop();
        consumer.container.start();
        consumer.startedAgain = nanoTime.getAsLong();
    }

    private boolean worksAgain(Watched consumer) {
        Long since = consumer.startedAgain;
        return since == null || nanoTime.getAsLong() - since >= WORKS_AFTER.toNanos();
    }

    private void requirePolls(MessageListenerContainer container) {
        double age = container.metrics().values().stream()
                .flatMap(metrics -> metrics.entrySet().stream())
                .filter(metric -> metric.getKey().name().equals(POLL_AGE))
                .mapToDouble(metric -> seconds(metric.getValue()))
                .max()
                .orElse(0);
        if (age > pollMax.toMillis() / 1e3) {
            throw new ConsumerFailure("a consumer has not polled for " + Math.round(age) + " s: its listener hangs");
        }
    }

    /** Negative before the first poll. */
    private static double seconds(Metric metric) {
        return metric.metricValue() instanceof Number seconds ? seconds.doubleValue() : 0;
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return consumers.stream().map(consumer -> consumer.work).toList();
    }

    /** After the consumers; and it stops before them. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }

    @Override
    public synchronized void stop() {
        super.stop();
        consumers.forEach(consumer -> consumer.work.stopped());
    }
}
