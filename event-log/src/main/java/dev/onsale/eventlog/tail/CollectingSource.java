package dev.onsale.eventlog.tail;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.config.Configuration;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** The log for a follower that lets events collect before it is woken, so that it works in fewer and larger batches. */
public final class CollectingSource implements StreamableMessageSource<TrackedEventMessage<?>> {

    private final EventStore log;
    private final Function<@Nullable TrackingToken, TrackingEventStream> streams;

    private CollectingSource(EventStore log, Function<@Nullable TrackingToken, TrackingEventStream> streams) {
        this.log = log;
        this.streams = streams;
    }

    /**
     * @param wait how long events are collected
     */
    public static CollectingSource of(Configuration axon, LogTail tail, Serializer serializer, Duration wait) {
        return new CollectingSource(
                axon.eventStore(), token -> tail.open(token, serializer, axon.upcasterChain(), wait));
    }

    @Override
    public BlockingStream<TrackedEventMessage<?>> openStream(@Nullable TrackingToken token) {
        return streams.apply(token);
    }

    @Override
    public TrackingToken createTailToken() {
        return log.createTailToken();
    }

    @Override
    public TrackingToken createHeadToken() {
        return log.createHeadToken();
    }

    @Override
    public TrackingToken createTokenAt(Instant dateTime) {
        return log.createTokenAt(dateTime);
    }

    @Override
    public TrackingToken createTokenSince(Duration duration) {
        return log.createTokenSince(duration);
    }
}
