package dev.onsale.benchmarks.rebuild;

import dev.onsale.api.OnsaleEvent;
import dev.onsale.query.readmodel.Fact;
import dev.onsale.query.readmodel.Facts;
import dev.onsale.query.readmodel.Folding;
import dev.onsale.query.readmodel.ReadModel;
import dev.onsale.query.readmodel.RowSink;
import dev.onsale.query.readmodel.Table;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.EventMessageHandler;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.SimpleEventHandlerInvoker;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.eventhandling.tokenstore.inmemory.InMemoryTokenStore;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Stock Axon: a pooled streaming processor that replays from the tail with two segments, the events of a sale in one
 * segment, and the same folds as handlers. Batches of 1,000 and an in-memory token store are in its favour.
 */
final class StockReplay {

    private static final String SUFFIX = "__axon";
    private static final int BATCH = 1_000;
    private static final int SEGMENTS = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final DataSource dataSource;
    private final EventStorageEngine engine;
    private final TransactionManager transactions;
    private final EntityManager entities;

    StockReplay(
            DataSource dataSource, EventStorageEngine engine, TransactionManager transactions, EntityManager entities) {
        this.entities = entities;
        this.dataSource = dataSource;
        this.engine = engine;
        this.transactions = transactions;
    }

    /** Replayed events per second, counting the events of the whole log. */
    double replay(ReadModel<?> projection, long head, long events) {
        JdbcTemplate jdbc = new JdbcTemplate(dataSource);
        for (Table<?, ?> table : projection.tables()) {
            jdbc.execute("DROP TABLE IF EXISTS " + table.name() + SUFFIX);
            jdbc.execute("CREATE TABLE " + table.name() + SUFFIX + " LIKE " + table.name());
        }
        Handler handler =
                new Handler(projection, jdbc, entities, "Processor[stock-" + projection.name() + "]/SegmentId");
        EmbeddedEventStore store =
                EmbeddedEventStore.builder().storageEngine(engine).build();
        var executor = java.util.concurrent.Executors.newScheduledThreadPool(SEGMENTS + 1);
        PooledStreamingEventProcessor processor = PooledStreamingEventProcessor.builder()
                .name("stock-" + projection.name())
                .eventHandlerInvoker(SimpleEventHandlerInvoker.builder()
                        .eventHandlers(List.of(handler))
                        .sequencingPolicy(event -> ((OnsaleEvent) event.getPayload()).saleKey())
                        .build())
                .messageSource(store)
                .tokenStore(new InMemoryTokenStore())
                .transactionManager(transactions)
                .errorHandler(PropagatingErrorHandler.instance())
                .initialToken(source -> source.createTailToken())
                .coordinatorExecutor(executor)
                .workerExecutor(executor)
                .initialSegmentCount(SEGMENTS)
                .batchSize(BATCH)
                .build();
        long begun = System.nanoTime();
        processor.start();
        try {
            while (!isAt(processor, head)) {
                if (System.nanoTime() - begun > PATIENCE.toNanos()) {
                    throw new IllegalStateException("Stock Axon has not replayed the log in " + PATIENCE);
                }
                LockSupport.parkNanos(5_000_000);
            }
            return events * 1e9 / (System.nanoTime() - begun);
        } finally {
            processor.shutDown();
            executor.shutdownNow();
            store.shutDown();
            projection.tables().forEach(table -> jdbc.execute("DROP TABLE IF EXISTS " + table.name() + SUFFIX));
        }
    }

    private static boolean isAt(PooledStreamingEventProcessor processor, long head) {
        return processor.processingStatus().size() == SEGMENTS
                && processor.processingStatus().values().stream()
                        .allMatch(status -> status.getCurrentPosition().orElse(0) >= head);
    }

    /** One fold per segment. Its rows are written with the batch. */
    private static final class Handler implements EventMessageHandler {

        private static final String FLUSH = "flush";

        private final ReadModel<?> projection;
        private final RowSink sink;
        private final EntityManager entities;
        private final String segment;
        private final Map<Object, Folding<?>> foldings = new ConcurrentHashMap<>();

        Handler(ReadModel<?> projection, JdbcTemplate jdbc, EntityManager entities, String segment) {
            this.projection = projection;
            this.sink = RowSink.inOrder(jdbc);
            this.entities = entities;
            this.segment = segment;
        }

        @Override
        public boolean canHandle(EventMessage<?> message) {
            return projection.facts().stream().anyMatch(kind -> kind.isAssignableFrom(message.getPayloadType()));
        }

        @Override
        public Object handle(EventMessage<?> message) {
            UnitOfWork<?> batch = CurrentUnitOfWork.get();
            Folding<?> folding = foldings.computeIfAbsent(
                    Objects.requireNonNull(batch.getResource(segment)),
                    id -> new Folding<>(projection, entities, SUFFIX, true));
            long position = ((TrackedEventMessage<?>) message)
                    .trackingToken()
                    .position()
                    .orElseThrow();
            folding.take(new Facts(List.of(new Fact<>(
                    (OnsaleEvent) message.getPayload(),
                    position,
                    ((DomainEventMessage<?>) message).getSequenceNumber()))));
            batch.getOrComputeResource(FLUSH, key -> {
                batch.onPrepareCommit(unit -> folding.flush(sink));
                return key;
            });
            return message;
        }
    }
}
