package dev.onsale.standalone.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.platform.supervision.SupervisedWork;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.axonframework.config.Configuration;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.inmemory.InMemoryTokenStore;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An Error in an event handler or in the processor itself is always detected. */
class EventProcessorSupervisionTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final EventProcessorSupervision supervision = new EventProcessorSupervision();

    static List<Error> errors() {
        return List.of(
                new NoClassDefFoundError("injected"),
                new StackOverflowError("injected"),
                new AssertionError("injected"));
    }

    @ProcessingGroup("facts")
    static final class Handler {

        private final ConcurrentLinkedQueue<String> handled = new ConcurrentLinkedQueue<>();
        private final AtomicInteger tries = new AtomicInteger();
        private final Error failure;

        Handler(Error failure) {
            this.failure = failure;
        }

        @EventHandler
        void on(String fact) {
            if (tries.incrementAndGet() <= 1) {
                throw failure;
            }
            handled.add(fact);
        }
    }

    @ParameterizedTest
    @MethodSource("errors")
    void an_error_in_a_handler_is_counted_and_the_event_is_handled_again(Error failure) {
        Handler handler = new Handler(failure);
        Configuration axon = started(handler, InMemoryTokenStore::new);
        try {
            axon.eventStore().publish(GenericEventMessage.asEventMessage("first"));
            await().atMost(PATIENCE).until(() -> handler.handled.contains("first"));
            axon.eventStore().publish(GenericEventMessage.asEventMessage("second"));
            await().atMost(PATIENCE).until(() -> handler.handled.contains("second"));
            SupervisedWork work = work("processor-facts");
            assertThat(work.failures()).isEqualTo(1);
            assertThat(work.state()).isEqualTo(SupervisedWork.State.RUNNING);
        } finally {
            axon.shutdown();
        }
    }

    @Test
    void an_error_that_axon_loses_makes_the_node_unready() {
        Handler handler = new Handler(new AssertionError("unused"));
        handler.tries.set(1);
        Configuration axon = started(handler, BrokenTokenStore::new);
        try {
            axon.eventStore().publish(GenericEventMessage.asEventMessage("first"));
            await().atMost(PATIENCE)
                    .until(() -> work("processor-facts-workers").state() == SupervisedWork.State.FAILED);
        } finally {
            // Axon's shutdown is not used: it would wait for the lost work.
            supervision.supervisedWork().forEach(SupervisedWork::stopped);
        }
    }

    /** Throws an Error, as for example a class that can no longer be loaded. */
    private static final class BrokenTokenStore extends InMemoryTokenStore {

        private volatile boolean isBroken;

        @Override
        public void storeToken(TrackingToken token, String processorName, int segment) {
            if (isBroken) {
                throw new NoClassDefFoundError("injected");
            }
            super.storeToken(token, processorName, segment);
        }

        @Override
        public TrackingToken fetchToken(String processorName, org.axonframework.eventhandling.Segment segment) {
            isBroken = true;
            return super.fetchToken(processorName, segment);
        }
    }

    private Configuration started(Handler handler, java.util.function.Supplier<TokenStore> tokens) {
        Function<Configuration, Object> handlers = axon -> handler;
        TokenStore store = tokens.get();
        return DefaultConfigurer.defaultConfiguration()
                .configureEmbeddedEventStore(axon -> new InMemoryEventStorageEngine())
                .eventProcessing(processing -> processing
                        .registerTokenStore(axon -> store)
                        .registerPooledStreamingEventProcessor("facts", Configuration::eventStore)
                        .registerListenerInvocationErrorHandler("facts", axon -> PropagatingErrorHandler.instance())
                        .registerErrorHandler("facts", axon -> PropagatingErrorHandler.instance())
                        .registerEventHandler(handlers))
                .eventProcessing(supervision::configure)
                .start();
    }

    private SupervisedWork work(String name) {
        return supervision.supervisedWork().stream()
                .filter(work -> work.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
