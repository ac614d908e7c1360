package dev.onsale.query.consumption;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.stereotype.Component;

/**
 * Takes a batch into the read models. When it returns, every row is committed and the container may commit the offsets;
 * when it throws, all before the record that it names is committed and the rest is untouched.
 */
@Component
class FactListener implements BatchMessageListener<String, byte @Nullable []> {

    private final ReadModels readModels;
    private final ConsumptionMetrics metrics;

    FactListener(ReadModels readModels, ConsumptionMetrics metrics) {
        this.readModels = readModels;
        this.metrics = metrics;
    }

    @Override
    public void onMessage(List<ConsumerRecord<String, byte @Nullable []>> records) {
        List<Placed> readable = new ArrayList<>(records.size());
        for (int index = 0; index < records.size(); index++) {
            try {
                Placed placed = read(records.get(index), index);
                if (placed != null) {
                    readable.add(placed);
                }
            } catch (UnreadableFactException unreadable) {
                apply(readable);
                throw new NotConsumedException.Never(unreadable, index);
            }
        }
        apply(readable);
    }

    private @Nullable Placed read(ConsumerRecord<String, byte @Nullable []> record, int index) {
        Fact<?> fact = FactReader.read(record).orElse(null);
        if (fact == null) {
            metrics.unknown();
            return null;
        }
        return new Placed(fact, index);
    }

    private void apply(List<Placed> batch) {
        if (batch.isEmpty()) {
            return;
        }
        try {
            readModels.apply(batch.stream().<Fact<?>>map(Placed::fact).toList());
        } catch (RuntimeException failure) {
            if (DatabaseFailures.isAway(failure)) {
                throw away(failure, batch.getFirst());
            }
            applyOneByOne(batch);
        }
    }

    /** A batch fails as a whole; the one record at fault is found by giving each a transaction of its own. */
    private void applyOneByOne(List<Placed> batch) {
        for (Placed placed : batch) {
            try {
                readModels.apply(List.of(placed.fact()));
            } catch (FactOutOfPlaceException outOfPlace) {
                throw new NotConsumedException.Never(outOfPlace, placed.index());
            } catch (RuntimeException failure) {
                throw DatabaseFailures.isAway(failure)
                        ? away(failure, placed)
                        : new NotConsumedException.Failed(failure, placed.index());
            }
        }
    }

    private NotConsumedException away(RuntimeException failure, Placed placed) {
        metrics.heldUp();
        return new NotConsumedException.Away(failure, placed.index());
    }

    private record Placed(Fact<?> fact, int index) {}
}
