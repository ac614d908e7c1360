package dev.onsale.benchmarks.writepath;

import dev.onsale.api.OnsaleCommand;
import dev.onsale.command.bus.AggregateCache;
import dev.onsale.command.bus.BatchingCommandBus;
import dev.onsale.command.bus.CachingRepository;
import dev.onsale.command.store.GroupCommitEventStorageEngine;
import dev.onsale.command.store.GroupCommitMetrics;
import dev.onsale.command.store.GroupInsert;
import dev.onsale.command.store.ShardOwnership;
import dev.onsale.command.store.StoredIdentifiers;
import dev.onsale.eventlog.EventLogConfiguration;
import dev.onsale.eventlog.LogicalTypeSerializer;
import dev.onsale.eventlog.StoredTypes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.common.caching.WeakReferenceCache;
import org.axonframework.common.jdbc.UnitOfWorkAwareConnectionProviderWrapper;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.AggregateConfigurer;
import org.axonframework.config.Configuration;
import org.axonframework.config.Configurer;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.serialization.Serializer;
import org.axonframework.spring.jdbc.SpringDataSourceConnectionProvider;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** A way to process commands until their events are durable. Thread-safe. */
abstract sealed class WritePath implements AutoCloseable {

    static final int WRITERS = 8;
    private static final int QUEUE_DEPTH_MAX = 20_000;
    /** The default of {@code onsale.command.aggregate-cache-entries-max}. */
    private static final int AGGREGATES_MAX = 200_000;

    /** Sends a command. Completes when its event is durable. */
    abstract CompletableFuture<Object> send(OnsaleCommand command);

    @Override
    public abstract void close();

    /** Stock Axon: one transaction per command, in the caller's thread, with an aggregate cache. */
    static final class Stock extends WritePath {

        private final Configuration axon;
        private final ExecutorService callers;

        Stock(DataSource database, int callerCount) {
            TransactionManager transactions = transactions(database);
            Configurer configurer = configurer(AggregateConfigurer.defaultConfiguration(AnnotatedCounter.class)
                            .configureCache(config -> new WeakReferenceCache()))
                    .configureEmbeddedEventStore(config -> engine(database, transactions))
                    .configureCommandBus(config -> SimpleCommandBus.builder()
                            .transactionManager(transactions)
                            .build());
            axon = configurer.start();
            callers = Executors.newFixedThreadPool(callerCount);
        }

        @Override
        CompletableFuture<Object> send(OnsaleCommand command) {
            CompletableFuture<Object> done = new CompletableFuture<>();
            callers.execute(() -> dispatch(axon.commandBus(), command, done));
            return done;
        }

        @Override
        public void close() {
            callers.shutdown();
            try {
                if (!callers.awaitTermination(30, TimeUnit.SECONDS)) {
                    callers.shutdownNow();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            axon.shutdown();
        }
    }

    /** The owner of all shards, as {@code shard_owner} has them after the migration. */
    static final ShardOwnership CHECKED = new ShardOwnership() {
        @Override
        public long epoch(int shard) {
            return 1;
        }

        @Override
        public boolean isChecked() {
            return true;
        }

        @Override
        public boolean enter(int shard) {
            return true;
        }

        @Override
        public void leave(int shard) {
            // No shard moves.
        }
    };

    /** Onsale: commands in batches and events in group commits. */
    static final class Onsale extends WritePath {

        private final Configuration axon;
        private final BatchingCommandBus bus;
        private final GroupCommitEventStorageEngine engine;

        /**
         * @param ownership whether each group checks the owner of its shards, as the product does
         */
        Onsale(DataSource database, ShardOwnership ownership) {
            TransactionManager transactions = transactions(database);
            SimpleMeterRegistry registry = new SimpleMeterRegistry();
            engine = new GroupCommitEventStorageEngine(
                    engine(database, transactions),
                    new GroupInsert(database, ownership),
                    new StoredIdentifiers(database),
                    serializer(),
                    new GroupCommitMetrics(registry),
                    Duration.ofSeconds(30));
            bus = new BatchingCommandBus(
                    SimpleCommandBus.builder(),
                    WRITERS,
                    QUEUE_DEPTH_MAX,
                    (commands, claim, root) -> {},
                    ownership,
                    registry);
            axon = configurer(AggregateConfigurer.defaultConfiguration(Counter.class)
                            .configureRepository(config ->
                                    CachingRepository.of(Counter.class, new AggregateCache(AGGREGATES_MAX), config)))
                    .configureEmbeddedEventStore(config -> engine)
                    .configureCommandBus(config -> bus)
                    .registerCommandHandler(config -> new CounterDesk(config.repository(Counter.class)))
                    .start();
        }

        @Override
        CompletableFuture<Object> send(OnsaleCommand command) {
            CompletableFuture<Object> done = new CompletableFuture<>();
            dispatch(axon.commandBus(), command, done);
            return done;
        }

        @Override
        public void close() {
            bus.drain(Duration.ofSeconds(30));
            engine.close();
            axon.shutdown();
        }
    }

    private static void dispatch(CommandBus bus, OnsaleCommand command, CompletableFuture<Object> done) {
        bus.dispatch(GenericCommandMessage.asCommandMessage(command), (message, result) -> {
            if (result.isExceptional()) {
                done.completeExceptionally(result.exceptionResult());
            } else {
                done.complete(command);
            }
        });
    }

    private static Configurer configurer(AggregateConfigurer<? extends Counter> aggregate) {
        return DefaultConfigurer.defaultConfiguration(false)
                .configureSerializer(config -> serializer())
                .configureAggregate(aggregate);
    }

    private static Serializer serializer() {
        return LogicalTypeSerializer.with(List.of(new StoredTypes(List.of(Counter.Counted.class))));
    }

    private static TransactionManager transactions(DataSource database) {
        return new SpringTransactionManager(new JdbcTransactionManager(database));
    }

    private static EventStorageEngine engine(DataSource database, TransactionManager transactions) {
        Serializer serializer = serializer();
        return JdbcEventStorageEngine.builder()
                .eventSerializer(serializer)
                .snapshotSerializer(serializer)
                .persistenceExceptionResolver(new dev.onsale.eventlog.DuplicateKeys())
                .connectionProvider(
                        new UnitOfWorkAwareConnectionProviderWrapper(new SpringDataSourceConnectionProvider(database)))
                .transactionManager(transactions)
                .schema(EventLogConfiguration.schema())
                .build();
    }
}
