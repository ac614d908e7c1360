package dev.onsale.standalone.library;

import dev.onsale.platform.supervision.LibraryThreads;
import dev.onsale.platform.supervision.Supervised;
import dev.onsale.platform.supervision.SupervisedWork;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ScheduledExecutorService;
import org.axonframework.config.Configuration;
import org.axonframework.config.EventProcessingConfigurer;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.unitofwork.UnitOfWork;

/**
 * Supervises Axon's event processors. A pooled processor catches only exceptions. After an {@code Error} its segment
 * stays claimed and is not processed again, without a log line. Errors of handlers are therefore converted to
 * exceptions, which Axon retries. Any other Error ends the processor's work and makes the node unready. Source:
 * {@code WorkPackage} and {@code Coordinator} of Axon 4.13. Thread-safe.
 */
final class EventProcessorSupervision implements Supervised {

    /** Axon's default. */
    private static final int WORKERS = 4;

    private static final String COORDINATOR = "-coordinator";

    /** For one batch of events; handlers have their own time-outs. */
    private static final Duration SILENT_MAX = Duration.ofMinutes(5);

    private final Map<String, SupervisedWork> works = new ConcurrentSkipListMap<>();

    void configure(EventProcessingConfigurer processing) {
        processing.registerDefaultHandlerInterceptor((axon, name) -> new ErrorsAsExceptions(work("processor-" + name)));
        processing.registerPooledStreamingEventProcessorConfiguration((axon, builder) -> builder.coordinatorExecutor(
                        name -> threads(axon, "processor-" + name + COORDINATOR, 1))
                .workerExecutor(name -> threads(axon, "processor-" + name + "-workers", WORKERS)));
    }

    private ScheduledExecutorService threads(Configuration axon, String name, int count) {
        LibraryThreads threads = new LibraryThreads(work(name), count);
        axon.onShutdown(threads::shutdown);
        return threads;
    }

    private SupervisedWork work(String name) {
        return works.computeIfAbsent(
                name,
                // The coordinator runs every few seconds, and at least once a minute after failures.
                absent -> absent.endsWith(COORDINATOR)
                        ? new SupervisedWork(absent, SILENT_MAX)
                        : SupervisedWork.onDemand(absent, SILENT_MAX));
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return List.copyOf(works.values());
    }

    private record ErrorsAsExceptions(SupervisedWork work) implements MessageHandlerInterceptor<EventMessage<?>> {

        ErrorsAsExceptions {
            work.started();
        }

        @Override
        public Object handle(UnitOfWork<? extends EventMessage<?>> unit, InterceptorChain chain) throws Exception {
            work.begin();
            try {
                Object result = chain.proceed();
                work.completed();
                return result;
            } catch (Error failure) {
                work.failed(failure);
                throw new IllegalStateException("A handler of " + work.name() + " failed: " + failure, failure);
            } finally {
                work.end();
            }
        }
    }
}
