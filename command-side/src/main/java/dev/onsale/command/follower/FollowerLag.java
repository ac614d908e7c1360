package dev.onsale.command.follower;

import dev.onsale.eventlog.tail.LogTail;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.EventTrackerStatus;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.stereotype.Component;

/**
 * The lag of each event processor on this node: how old its oldest unhandled event is, and the position up to which it has
 * handled the log. A processor without a segment on this node has neither.
 */
@Component
class FollowerLag implements SmartInitializingSingleton {

    /** Also of the followers in other modules; tag {@code follower}. */
    static final String LAG = "onsale.follower.lag.seconds";

    private static final String ALIVE = "onsale.follower.alive";
    private static final String POSITION = "onsale.follower.position";

    private final EventProcessingConfiguration processing;
    private final LogTail tail;
    private final MeterRegistry registry;

    FollowerLag(EventProcessingConfiguration processing, LogTail tail, MeterRegistry registry) {
        this.processing = processing;
        this.tail = tail;
        this.registry = registry;
    }

    @Override
    public void afterSingletonsInstantiated() {
        processing.eventProcessors().forEach((name, processor) -> {
            if (processor instanceof StreamingEventProcessor follower) {
                register(name, follower);
            }
        });
    }

    private void register(String name, StreamingEventProcessor follower) {
        Gauge.builder(LAG, follower, this::lagSeconds)
                .tag("follower", name)
                .description("Age of the oldest event that a follower of the log has not handled")
                .register(registry);
        Gauge.builder(ALIVE, follower, one -> isAlive(one) ? 1 : 0)
                .tag("follower", name)
                .description("0 while a follower of the log has stopped or its last batch failed")
                .register(registry);
        Gauge.builder(POSITION, follower, one -> position(one).orElse(-1))
                .tag("follower", name)
                .description("Position up to which a follower has handled the log; -1 without a segment on this node")
                .register(registry);
    }

    private double lagSeconds(StreamingEventProcessor follower) {
        OptionalLong position = position(follower);
        return position.isEmpty()
                ? 0
                : tail.lagAfter(position.getAsLong()).toMillis() / (double) TimeUnit.SECONDS.toMillis(1);
    }

    private static boolean isAlive(StreamingEventProcessor follower) {
        return follower.isRunning()
                && !follower.isError()
                && follower.processingStatus().values().stream().noneMatch(EventTrackerStatus::isErrorState);
    }

    /** The segment that is furthest behind. */
    private static OptionalLong position(StreamingEventProcessor follower) {
        return follower.processingStatus().values().stream()
                .map(EventTrackerStatus::getCurrentPosition)
                .flatMapToLong(OptionalLong::stream)
                .min();
    }
}
