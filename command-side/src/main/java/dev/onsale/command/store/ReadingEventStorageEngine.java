package dev.onsale.command.store;

import dev.onsale.platform.supervision.TaskThreads;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventEntry;
import org.axonframework.eventsourcing.eventstore.DomainEventStream;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Loads aggregates however many facts they have: from their snapshot, if there is one, and the facts after it in pages.
 * Axon's own engine reads a hundred facts a query, and its snapshots are one row, which a packet of the database may not hold.
 */
public final class ReadingEventStorageEngine extends DelegatingEventStorageEngine implements AutoCloseable {

    /** So many facts beyond a snapshot are applied one by one; more are folded at once. */
    private static final int LEFT_TO_AXON_MAX = 4_096;

    private final JdbcClient jdbc;
    private final AggregateRows rows;
    private final Snapshots snapshots;
    private final BulkEventReader longLog;
    private volatile WhenFolded whenFolded = (aggregateId, facts, lastSequence, snapshot) -> {};
    private final ExecutorService readers = TaskThreads.perTask("event-reader-");

    public ReadingEventStorageEngine(
            EventStorageEngine store,
            DataSource dataSource,
            Serializer serializer,
            Supplier<EventUpcaster> upcasters,
            Snapshots snapshots) {
        super(store);
        this.jdbc = JdbcClient.create(dataSource);
        this.rows = new AggregateRows(serializer, upcasters);
        this.snapshots = snapshots;
        this.longLog = new BulkEventReader(jdbc, rows, readers);
    }

    /** Called for aggregates with many events after their snapshot. */
    public interface WhenFolded {

        /**
         * @param facts so many, as of the last sequence number
         * @param snapshot takes the state as it is at this moment, and gives what writes it
         */
        void folded(String aggregateId, long facts, long lastSequence, Supplier<Runnable> snapshot);
    }

    /** One listener, set at start. */
    public void whenFolded(WhenFolded listener) {
        whenFolded = listener;
    }

    @Override
    public DomainEventStream readEvents(String aggregateIdentifier, long firstSequenceNumber) {
        return new PagedEventStream(
                (from, limit) -> page(aggregateIdentifier, from, limit), firstSequenceNumber, readers);
    }

    private PagedEventStream.Page page(String aggregateIdentifier, long fromSequence, int limit) {
        List<GenericDomainEventEntry<byte[]>> entries = jdbc.sql(AggregateRows.SELECT
                        + " WHERE aggregate_identifier = :id AND sequence_number >= :from"
                        + " ORDER BY sequence_number LIMIT :limit")
                .param("id", aggregateIdentifier)
                .param("from", fromSequence)
                .param("limit", limit)
                .query((row, number) -> AggregateRows.entry(row))
                .list();
        long last = entries.isEmpty() ? -1 : entries.getLast().getSequenceNumber();
        return new PagedEventStream.Page(rows.messages(entries), last, entries.size() < limit);
    }

    /** The newest snapshot; if the log has gone far beyond it, the state that it makes of it. */
    @Override
    public Optional<DomainEventMessage<?>> readSnapshot(String aggregateIdentifier) {
        Snapshots.Extent extent = snapshots.extent(aggregateIdentifier);
        if (extent == null) {
            return Optional.empty();
        }
        return readSnapshot(aggregateIdentifier, extent);
    }

    private Optional<DomainEventMessage<?>> readSnapshot(String id, Snapshots.Extent extent) {
        DomainEventMessage<?> snapshot = snapshots.read(id).orElse(null);
        long from = snapshot == null ? 0 : snapshot.getSequenceNumber() + 1;
        SnapshotCodec<?> codec = extent.codec();
        if (extent.lastSequence() - from < LEFT_TO_AXON_MAX) {
            return Optional.ofNullable(snapshot);
        }
        Object state = fold(codec, snapshot == null ? codec.empty() : snapshot.getPayload(), id, from, extent);
        DomainEventMessage<?> newest = snapshots.message(extent, id, state);
        whenFolded.folded(
                id, extent.lastSequence() - from + 1, extent.lastSequence(), () -> snapshots.prepared(codec, newest));
        return Optional.of(newest);
    }

    private <T> Object fold(SnapshotCodec<T> codec, Object start, String id, long from, Snapshots.Extent extent) {
        T state = codec.stateType().cast(start);
        longLog.read(id, from, extent.lastSequence(), fact -> codec.fold(state, fact));
        return state;
    }

    @Override
    public void storeSnapshot(DomainEventMessage<?> snapshot) {
        snapshots.store(snapshot);
    }

    @Override
    public void close() {
        readers.shutdownNow();
    }
}
