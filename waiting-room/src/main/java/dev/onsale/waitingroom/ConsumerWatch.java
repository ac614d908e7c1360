package dev.onsale.waitingroom;

import dev.onsale.web.supervision.Supervised;
import dev.onsale.web.supervision.SupervisedWork;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.stereotype.Component;

/** Starts the consumers of the waiting room again if one of their threads ended by an Error. A normal stop is left alone. */
@Component
class ConsumerWatch implements Supervised {

    /** A consumer that is started again works once it has run for so long. */
    private static final Duration WORKS_AFTER = Duration.ofSeconds(10);

    private final List<Watched> consumers;

    private static final class Watched {
        final SupervisedWork work;
        final ConcurrentMessageListenerContainer<?, ?> container;
        // Belongs to the thread that looks.
        long startedAgain = System.nanoTime() - WORKS_AFTER.toNanos();

        Watched(String name, ConcurrentMessageListenerContainer<?, ?> container) {
            this.work = new SupervisedWork(name, null);
            this.container = container;
        }
    }

    @Autowired
    ConsumerWatch(
            @Qualifier("waitingRoomIntake") ObjectProvider<ConcurrentMessageListenerContainer<?, ?>> intake,
            @Qualifier("waitingRoomReservations")
                    ObjectProvider<ConcurrentMessageListenerContainer<?, ?>> reservations) {
        this(named(intake, reservations));
    }

    ConsumerWatch(Map<String, ConcurrentMessageListenerContainer<?, ?>> containers) {
        this.consumers = containers.entrySet().stream()
                .map(named -> new Watched(named.getKey(), named.getValue()))
                .toList();
    }

    private static Map<String, ConcurrentMessageListenerContainer<?, ?>> named(
            ObjectProvider<ConcurrentMessageListenerContainer<?, ?>> intake,
            ObjectProvider<ConcurrentMessageListenerContainer<?, ?>> reservations) {
        Map<String, ConcurrentMessageListenerContainer<?, ?>> named = new TreeMap<>();
        intake.ifAvailable(container -> named.put("waiting-room-intake", container));
        reservations.ifAvailable(container -> named.put("waiting-room-reservations", container));
        return named;
    }

    /** One look at all of them. */
    void look() {
        consumers.forEach(ConsumerWatch::look);
    }

    @SuppressWarnings("CatchingUnchecked") // One that cannot be started must not end the looks at the other.
    private static void look(Watched consumer) {
        try {
            if (!consumer.container.isInExpectedState()) {
                consumer.work.started();
                consumer.work.failed(
                        new AssertionError("A thread of the consumer ended by an Error, see the line before"));
                consumer.container.stop();
                consumer.container.start();
                consumer.startedAgain = System.nanoTime();
            } else if (!consumer.container.isRunning()) {
                consumer.work.stopped();
            } else if (System.nanoTime() - consumer.startedAgain >= WORKS_AFTER.toNanos()) {
                consumer.work.started();
                consumer.work.completed();
            }
        } catch (Throwable failure) {
            consumer.work.failed(failure);
        }
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return consumers.stream().map(consumer -> consumer.work).toList();
    }
}
