package dev.onsale.command.store;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import javax.sql.DataSource;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.messaging.MetaData;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * States of large aggregates as of one of their facts. A snapshot is a cache of the log and never the truth: it names the fact it was
 * made from, and one that is of another version, damaged, or of a fact that the log does not have is ignored.
 *
 * <p>A snapshot is written in parts of 256 kB, because a packet of the database holds 16 MB on MariaDB and 64 MB on MySQL by
 * default. Its row in {@code snapshot_event} comes last: without it the parts are nothing.
 */
public final class Snapshots {

    private static final Logger log = LoggerFactory.getLogger(Snapshots.class);
    private static final int TRIES = 2;

    private final JdbcClient jdbc;
    private final List<SnapshotCodec<?>> codecs;
    private final Clock clock;
    private final Timer reads;
    private final Timer writes;
    private final Counter ignored;

    public Snapshots(DataSource dataSource, List<SnapshotCodec<?>> codecs, Clock clock, MeterRegistry registry) {
        this.jdbc = JdbcClient.create(dataSource);
        this.codecs = List.copyOf(codecs);
        this.clock = clock;
        this.reads = Timer.builder("onsale.snapshot.read")
                .description("Time to read the snapshot of an aggregate")
                .register(registry);
        this.writes = Timer.builder("onsale.snapshot.write")
                .description("Time to write the snapshot of an aggregate")
                .register(registry);
        this.ignored = Counter.builder("onsale.snapshot.ignored")
                .description("Snapshots that were damaged or of another version; the log was replayed instead")
                .register(registry);
    }

    /**
     * @param eventId the fact it was made from
     */
    private record Header(
            String type, long sequence, String eventId, String codec, String version, int bytes, int checksum) {}

    /**
     * How far the log of an aggregate goes whose state can be in a snapshot.
     *
     * @param lastEventId of its newest fact
     */
    record Extent(SnapshotCodec<?> codec, long lastSequence, String lastEventId) {}

    /** Nothing for an aggregate without facts, and for one of a kind that has no snapshots. */
    @Nullable
    Extent extent(String aggregateId) {
        return jdbc.sql(
                        "SELECT type, sequence_number, event_identifier FROM domain_event WHERE aggregate_identifier = ?"
                                + " ORDER BY sequence_number DESC LIMIT 1")
                .param(aggregateId)
                .query((row, number) -> {
                    SnapshotCodec<?> codec = codecOf(row.getString(1));
                    return codec == null
                            ? Optional.<Extent>empty()
                            : Optional.of(new Extent(codec, row.getLong(2), row.getString(3)));
                })
                .optional()
                .flatMap(extent -> extent)
                .orElse(null);
    }

    private @Nullable SnapshotCodec<?> codecOf(String aggregateType) {
        return codecs.stream()
                .filter(codec -> codec.aggregateType().equals(aggregateType))
                .findFirst()
                .orElse(null);
    }

    /** A state as of the newest fact, as Axon wants it. */
    DomainEventMessage<?> message(Extent extent, String aggregateId, Object state) {
        return new GenericDomainEventMessage<>(
                extent.codec().aggregateType(),
                aggregateId,
                extent.lastSequence(),
                state,
                MetaData.emptyInstance(),
                extent.lastEventId(),
                clock.instant());
    }

    /** The newest snapshot of an aggregate, as Axon wants it: a message whose payload is the state. */
    public Optional<DomainEventMessage<?>> read(String aggregateId) {
        for (int tries = 1; ; tries++) {
            Header header = header(aggregateId);
            if (header == null) {
                return Optional.empty();
            }
            long begun = System.nanoTime();
            try {
                Object state = state(aggregateId, header);
                reads.record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
                return Optional.of(new GenericDomainEventMessage<>(
                        header.type,
                        aggregateId,
                        header.sequence,
                        state,
                        MetaData.emptyInstance(),
                        header.eventId,
                        clock.instant()));
            } catch (IOException | RuntimeException damaged) {
                // A newer snapshot may have taken the place of this one while it was read.
                if (tries == TRIES) {
                    ignored.increment();
                    if (isKnown(header) && !(damaged instanceof DataAccessException)) {
                        giveUp(aggregateId, header);
                    }
                    log.warn(
                            "The snapshot of {} at {} is ignored: {}",
                            aggregateId,
                            header.sequence,
                            damaged.toString());
                    return Optional.empty();
                }
            }
        }
    }

    /** A damaged snapshot would block the next one of the same event. */
    private void giveUp(String aggregateId, Header damaged) {
        jdbc.sql("DELETE FROM snapshot_event WHERE aggregate_identifier = ? AND sequence_number = ?"
                        + " AND payload_revision = ?")
                .params(aggregateId, damaged.sequence, damaged.version)
                .update();
    }

    /** The join checks that the log has the event of the snapshot. */
    private @Nullable Header header(String aggregateId) {
        return jdbc.sql(
                        "SELECT s.type, s.sequence_number, s.event_identifier, s.payload_type, s.payload_revision, s.payload"
                                + " FROM snapshot_event s JOIN domain_event e ON e.aggregate_identifier = s.aggregate_identifier"
                                + " AND e.sequence_number = s.sequence_number AND e.event_identifier = s.event_identifier"
                                + " WHERE s.aggregate_identifier = :id ORDER BY s.sequence_number DESC LIMIT 1")
                .param("id", aggregateId)
                .query((row, number) -> {
                    byte[] payload = row.getBytes(6);
                    ByteBuffer sizes = payload.length == 2 * Integer.BYTES
                            ? ByteBuffer.wrap(payload)
                            : ByteBuffer.allocate(2 * Integer.BYTES);
                    return new Header(
                            row.getString(1),
                            row.getLong(2),
                            row.getString(3),
                            row.getString(4),
                            row.getString(5),
                            sizes.getInt(),
                            sizes.getInt());
                })
                .optional()
                .orElse(null);
    }

    private boolean isKnown(Header header) {
        return codecs.stream().anyMatch(codec -> isOf(header, codec));
    }

    private static boolean isOf(Header header, SnapshotCodec<?> codec) {
        return nameOf(codec).equals(header.codec)
                && Integer.toString(codec.version()).equals(header.version);
    }

    private Object state(String aggregateId, Header header) throws IOException {
        SnapshotCodec<?> codec = codecs.stream()
                .filter(known -> isOf(header, known))
                .findFirst()
                .orElseThrow(() -> new IOException("it is of version " + header.version + " of " + header.codec));
        CRC32C checksum = new CRC32C();
        SnapshotParts.In parts = new SnapshotParts.In(jdbc, aggregateId, header.sequence);
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(new CheckedInputStream(parts, checksum), 1 << 16))) {
            Object state = codec.read(in);
            if (in.read() != -1 || parts.bytes() != header.bytes || (int) checksum.getValue() != header.checksum) {
                throw new IOException("its checksum is wrong");
            }
            return state;
        }
    }

    /**
     * Keeps a state, unless there is one of the same version that is as new. Older ones go.
     *
     * @param snapshot the state as payload, with identifier and sequence number of the fact it was made from
     */
    public void store(DomainEventMessage<?> snapshot) {
        SnapshotCodec<?> codec = codecs.stream()
                .filter(known -> known.stateType().isInstance(snapshot.getPayload()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No codec writes snapshots of "
                        + snapshot.getPayloadType().getName()));
        String id = snapshot.getAggregateIdentifier();
        long sequence = snapshot.getSequenceNumber();
        Header newest = header(id);
        if (newest != null && newest.sequence >= sequence && newest.version.equals(Integer.toString(codec.version()))) {
            return;
        }
        writes.record(() -> write(codec, snapshot, id, sequence));
    }

    private <T> void write(SnapshotCodec<T> codec, DomainEventMessage<?> snapshot, String id, long sequence) {
        Written written = write(
                codec, snapshot.getPayload(), (number, part) -> SnapshotParts.store(jdbc, id, sequence, number, part));
        writeHeader(codec, snapshot, written);
    }

    /**
     * Encodes the current state, which is about to change. The bytes are a fraction of its memory.
     *
     * @return what writes it
     */
    <T> Runnable prepared(SnapshotCodec<T> codec, DomainEventMessage<?> snapshot) {
        List<byte[]> parts = new ArrayList<>();
        Written written = write(codec, snapshot.getPayload(), (number, part) -> parts.add(part));
        DomainEventMessage<?> named = new GenericDomainEventMessage<>(
                snapshot.getType(),
                snapshot.getAggregateIdentifier(),
                snapshot.getSequenceNumber(),
                nameOf(codec),
                snapshot.getMetaData(),
                snapshot.getIdentifier(),
                snapshot.getTimestamp());
        return () -> writes.record(() -> {
            for (int number = 0; number < parts.size(); number++) {
                SnapshotParts.store(
                        jdbc, named.getAggregateIdentifier(), named.getSequenceNumber(), number, parts.get(number));
            }
            writeHeader(codec, named, written);
        });
    }

    private record Written(int bytes, int checksum) {}

    private static <T> Written write(SnapshotCodec<T> codec, Object state, SnapshotParts.Sink sink) {
        CRC32C checksum = new CRC32C();
        SnapshotParts.Out parts = new SnapshotParts.Out(sink);
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(new CheckedOutputStream(parts, checksum), 1 << 16))) {
            codec.write(codec.stateType().cast(state), out);
        } catch (IOException e) {
            throw new IllegalStateException("A snapshot cannot be written", e);
        }
        return new Written(parts.bytes(), (int) checksum.getValue());
    }

    /** The row that makes the parts valid comes last. */
    private void writeHeader(SnapshotCodec<?> codec, DomainEventMessage<?> snapshot, Written written) {
        String id = snapshot.getAggregateIdentifier();
        jdbc.sql(
                        "REPLACE INTO snapshot_event (event_identifier, aggregate_identifier, sequence_number, type, time_stamp,"
                                + " payload_type, payload_revision, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
                .params(
                        snapshot.getIdentifier(),
                        id,
                        snapshot.getSequenceNumber(),
                        snapshot.getType(),
                        clock.instant().toString(),
                        nameOf(codec),
                        Integer.toString(codec.version()),
                        ByteBuffer.allocate(2 * Integer.BYTES)
                                .putInt(written.bytes())
                                .putInt(written.checksum())
                                .array())
                .update();
        removeOlder(id, snapshot.getSequenceNumber());
    }

    private void removeOlder(String id, long sequence) {
        jdbc.sql("DELETE FROM snapshot_event WHERE aggregate_identifier = ? AND sequence_number < ?")
                .params(id, sequence)
                .update();
        SnapshotParts.removeOlder(jdbc, id, sequence);
    }

    private static String nameOf(SnapshotCodec<?> codec) {
        return "onsale.state." + codec.aggregateType();
    }
}
