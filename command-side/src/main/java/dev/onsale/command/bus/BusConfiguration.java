package dev.onsale.command.bus;

import dev.onsale.api.OnsaleCommand;
import dev.onsale.command.CommandSideProperties;
import dev.onsale.command.store.AggregatePrefetch;
import dev.onsale.command.store.GroupCommitEventStorageEngine;
import dev.onsale.command.store.GroupCommitMetrics;
import dev.onsale.command.store.GroupInsert;
import dev.onsale.command.store.ReadingEventStorageEngine;
import dev.onsale.command.store.ShardOwnership;
import dev.onsale.command.store.Shards;
import dev.onsale.command.store.SnapshotCodec;
import dev.onsale.command.store.Snapshots;
import dev.onsale.command.store.StoredIdentifiers;
import dev.onsale.command.store.TailPolling;
import dev.onsale.command.store.WriteClaim;
import dev.onsale.eventlog.tail.LogTail;
import dev.onsale.eventlog.tail.LogTailSettings;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.interceptors.CorrelationDataInterceptor;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.serialization.Serializer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CacheProperties.class)
class BusConfiguration {

    static final Duration DRAIN_PATIENCE = Duration.ofSeconds(20);

    @Bean
    AggregateCache aggregateCache(CommandSideProperties properties, CacheProperties caches, MeterRegistry registry) {
        AggregateCache cache = new AggregateCache(properties.aggregateCacheEntriesMax(), caches.aggregatesBytesMax());
        Gauge.builder("onsale.cache.bytes", cache, AggregateCache::bytes)
                .tag("cache", "aggregates")
                .description("Estimated size of what a cache keeps")
                .register(registry);
        Gauge.builder("onsale.cache.entries", cache, AggregateCache::count)
                .tag("cache", "aggregates")
                .description("What a cache keeps")
                .register(registry);
        return cache;
    }

    @Bean
    BatchingCommandBus commandBus(
            org.axonframework.config.Configuration axon,
            CommandSideProperties properties,
            AggregatePrefetch prefetch,
            AggregateCache aggregateCache,
            ShardOwnership ownership,
            MeterRegistry registry) {
        BatchingCommandBus bus = new BatchingCommandBus(
                SimpleCommandBus.builder(),
                properties.writerCount(),
                properties.writerQueueDepthMax(),
                new CachePreparation(prefetch, aggregateCache),
                ownership,
                registry);
        bus.supervisedWork().forEach(work -> work.whenFailed(ownership::giveUp));
        bus.registerHandlerInterceptor(new CorrelationDataInterceptor<>(axon.correlationDataProviders()));
        bus.registerHandlerInterceptor(new RefusalInterceptor());
        return bus;
    }

    private record CachePreparation(AggregatePrefetch prefetch, AggregateCache cache)
            implements BatchingCommandBus.BatchPreparation {

        @Override
        public void prepare(List<OnsaleCommand> commands, WriteClaim claim, UnitOfWork<?> root) {
            Set<String> ids = new HashSet<>();
            for (OnsaleCommand command : commands) {
                long epoch = claim.epoch(Shards.of(command.routingKey()));
                for (String id : PrefetchTargets.of(command)) {
                    if (!cache.contains(id, epoch)) {
                        ids.add(id);
                    }
                }
            }
            prefetch.read(ids, root);
        }

        @Override
        public void forgetAll() {
            cache.removeAll();
        }
    }

    @Bean
    AggregatePrefetch aggregatePrefetch(
            DataSource dataSource, Serializer serializer, org.axonframework.config.Configuration axon) {
        return new AggregatePrefetch(dataSource, serializer, axon::upcasterChain);
    }

    @Bean
    Snapshots snapshots(
            DataSource dataSource, ObjectProvider<SnapshotCodec<?>> codecs, Clock clock, MeterRegistry registry) {
        return new Snapshots(dataSource, codecs.orderedStream().toList(), clock, registry);
    }

    @Bean
    ReadingEventStorageEngine aggregateReading(
            EventStorageEngine eventStorageEngine,
            DataSource dataSource,
            Serializer serializer,
            org.axonframework.config.Configuration axon,
            Snapshots snapshots) {
        return new ReadingEventStorageEngine(
                eventStorageEngine, dataSource, serializer, axon::upcasterChain, snapshots);
    }

    @Bean
    GroupCommitEventStorageEngine groupCommit(
            ReadingEventStorageEngine store,
            DataSource dataSource,
            Serializer serializer,
            MeterRegistry registry,
            ShardOwnership ownership,
            CommandSideProperties properties) {
        GroupCommitEventStorageEngine engine = new GroupCommitEventStorageEngine(
                store,
                new GroupInsert(dataSource, ownership),
                new StoredIdentifiers(dataSource),
                serializer,
                new GroupCommitMetrics(registry),
                properties.storePatience());
        engine.supervisedWork().forEach(work -> work.whenFailed(ownership::giveUp));
        return engine;
    }

    @Bean(destroyMethod = "shutDown")
    EventStore eventStore(
            GroupCommitEventStorageEngine engine,
            LogTail tail,
            Serializer serializer,
            org.axonframework.config.Configuration axon) {
        engine.onCommit((first, entries) -> {
            if (first < 0) {
                tail.hint();
            } else {
                tail.offer(first, entries);
            }
        });
        return new FactMarkingEventStore(
                engine, token -> tail.open(token, serializer, axon.upcasterChain(), Duration.ZERO));
    }

    @Bean
    TailPolling tailPolling(LogTail tail, LogTailSettings settings) {
        return new TailPolling(tail, settings.pollInterval());
    }

    /** Stops after the web server (its phase is lower), so that accepted requests get their answers. */
    @Bean
    SmartLifecycle writersDrain(BatchingCommandBus bus) {
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

    @Bean(destroyMethod = "close")
    ConflictRetry conflictRetry() {
        return new ConflictRetry();
    }

    @Bean
    CommandGateway commandGateway(CommandBus bus, ConflictRetry retry) {
        return new RefusalAwareCommandGateway(bus, retry);
    }
}
