package dev.onsale.query.consumption;

import dev.onsale.api.OnsaleEvent;
import dev.onsale.query.deadletter.ParkingFullException;
import dev.onsale.query.deadletter.RecordParking;
import dev.onsale.query.deadletter.RedeliveryTarget;
import dev.onsale.query.readmodel.Fact;
import dev.onsale.query.readmodel.FactOutOfPlaceException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.listener.BatchMessageListener;

/**
 * Takes a batch into the read models of one group. When it returns, every row is committed and the container may commit the
 * offsets; when it throws, all before the record that it names is committed and the rest is untouched. Records behind a dead
 * letter of their key are parked instead.
 */
final class FactListener implements BatchMessageListener<String, byte @Nullable []>, RedeliveryTarget {

    private final String group;
    private final List<Class<? extends OnsaleEvent>> wanted;
    private final BatchTransaction rows;
    private final ConsumptionMetrics metrics;
    private final RecordParking parking;
    private final ConsumerLag lag;

    /**
     * @param wanted families of facts that the group takes
     */
    FactListener(
            String group,
            List<Class<? extends OnsaleEvent>> wanted,
            BatchTransaction rows,
            ConsumptionMetrics metrics,
            RecordParking parking,
            ConsumerLag lag) {
        this.group = group;
        this.wanted = List.copyOf(wanted);
        this.rows = rows;
        this.metrics = metrics;
        this.parking = parking;
        this.lag = lag;
    }

    @Override
    public String group() {
        return group;
    }

    @Override
    public void onMessage(List<ConsumerRecord<String, byte @Nullable []>> records) {
        lag.began(records);
        try {
            consume(records);
        } catch (NotConsumedException.Away away) {
            // The batch is tried again until the database is there.
            throw away;
        } catch (RuntimeException putAside) {
            lag.committed();
            throw putAside;
        }
        lag.committed();
    }

    private void consume(List<ConsumerRecord<String, byte @Nullable []>> records) {
        Set<ConsumerRecord<String, byte @Nullable []>> free = free(records);
        List<Placed> readable = new ArrayList<>(records.size());
        for (int index = 0; index < records.size(); index++) {
            if (!free.contains(records.get(index))) {
                continue;
            }
            try {
                Placed placed = read(records.get(index), index);
                if (placed != null) {
                    readable.add(placed);
                }
            } catch (UnreadableFactException unreadable) {
                apply(readable);
                throw new NotConsumedException.Never(unreadable, index);
            } catch (RuntimeException | Error failure) {
                apply(readable);
                throw new NotConsumedException.Failed(asException(failure), index);
            }
        }
        apply(readable);
    }

    private Set<ConsumerRecord<String, byte @Nullable []>> free(
            List<ConsumerRecord<String, byte @Nullable []>> records) {
        try {
            Set<ConsumerRecord<String, byte @Nullable []>> free =
                    Collections.newSetFromMap(new IdentityHashMap<>(records.size()));
            free.addAll(parking.park(group, records));
            return free;
        } catch (ParkingFullException full) {
            throw away(full, 0);
        } catch (RuntimeException failure) {
            throw DatabaseFailures.isAway(failure) ? away(failure, 0) : failure;
        } catch (Error failure) {
            throw asException(failure);
        }
    }

    @Override
    public void take(List<ConsumerRecord<String, byte @Nullable []>> records) {
        List<Fact<?>> facts = new ArrayList<>(records.size());
        for (ConsumerRecord<String, byte @Nullable []> record : records) {
            FactReader.read(record, wanted).ifPresent(facts::add);
        }
        if (!facts.isEmpty()) {
            rows.apply(facts);
        }
    }

    @Override
    public boolean isAway(Throwable failure) {
        return DatabaseFailures.isAway(failure);
    }

    private @Nullable Placed read(ConsumerRecord<String, byte @Nullable []> record, int index) {
        Fact<?> fact = FactReader.read(record, wanted).orElse(null);
        if (fact == null) {
            if (FactReader.isUnknown(record)) {
                metrics.unknown();
            }
            return null;
        }
        return new Placed(fact, index);
    }

    private void apply(List<Placed> batch) {
        if (batch.isEmpty()) {
            return;
        }
        try {
            rows.apply(batch.stream().<Fact<?>>map(Placed::fact).toList());
        } catch (RuntimeException failure) {
            if (DatabaseFailures.isAway(failure)) {
                throw away(failure, batch.getFirst().index());
            }
            applyOneByOne(batch);
        } catch (Error failure) {
            applyOneByOne(batch);
        }
    }

    /** A batch fails as a whole; the one record at fault is found by giving each a transaction of its own. */
    private void applyOneByOne(List<Placed> batch) {
        for (Placed placed : batch) {
            try {
                rows.apply(List.of(placed.fact()));
            } catch (FactOutOfPlaceException outOfPlace) {
                throw new NotConsumedException.Never(outOfPlace, placed.index());
            } catch (RuntimeException failure) {
                throw DatabaseFailures.isAway(failure)
                        ? away(failure, placed.index())
                        : new NotConsumedException.Failed(failure, placed.index());
            } catch (Error failure) {
                throw new NotConsumedException.Failed(asException(failure), placed.index());
            }
        }
    }

    /** An {@link Error} that leaves the listener ends its consumer, and with it every other sale of the partition. */
    private static RuntimeException asException(Throwable failure) {
        return failure instanceof RuntimeException exception
                ? exception
                : new IllegalStateException("The record could not be handled: " + failure, failure);
    }

    private NotConsumedException away(RuntimeException failure, int index) {
        metrics.heldUp();
        return new NotConsumedException.Away(failure, index);
    }

    private record Placed(Fact<?> fact, int index) {}
}
