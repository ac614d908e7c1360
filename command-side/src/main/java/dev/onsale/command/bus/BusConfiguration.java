package dev.onsale.command.bus;

import dev.onsale.command.CommandSideProperties;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.common.caching.Cache;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.interceptors.CorrelationDataInterceptor;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class BusConfiguration {

    static final Duration DRAIN_PATIENCE = Duration.ofSeconds(20);

    @Bean
    Cache aggregateCache(CommandSideProperties properties) {
        return new AggregateCache(properties.aggregateCacheEntriesMax());
    }

    @Bean
    WriterCommandBus commandBus(
            TransactionManager transactions,
            org.axonframework.config.Configuration axon,
            CommandSideProperties properties) {
        WriterCommandBus bus = new WriterCommandBus(
                SimpleCommandBus.builder().transactionManager(transactions),
                properties.writerCount(),
                properties.writerQueueDepthMax());
        bus.registerHandlerInterceptor(new CorrelationDataInterceptor<>(axon.correlationDataProviders()));
        bus.registerHandlerInterceptor(new RefusalInterceptor());
        return bus;
    }

    @Bean(destroyMethod = "shutDown")
    EventStore eventStore(EventStorageEngine engine) {
        return new FactMarkingEventStore(engine);
    }

    /** Stops after the web server (its phase is lower), so that every request that got in gets its answer. */
    @Bean
    SmartLifecycle writersDrain(WriterCommandBus bus) {
        return new SmartLifecycle() {
            private volatile boolean running;

            @Override
            public void start() {
                running = true;
            }

            @Override
            public void stop() {
                running = false;
                bus.drain(DRAIN_PATIENCE);
            }

            @Override
            public boolean isRunning() {
                return running;
            }

            @Override
            public int getPhase() {
                return 0;
            }
        };
    }

    @Bean(destroyMethod = "shutdownNow")
    ScheduledExecutorService conflictRetryTimer() {
        return Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "conflict-retry");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Bean
    CommandGateway commandGateway(CommandBus bus, ScheduledExecutorService conflictRetryTimer) {
        return new RefusalAwareCommandGateway(bus, new ConflictRetry(conflictRetryTimer));
    }
}
