package dev.onsale.query.deadletter;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What a consumer does with records that it must not take: one that failed is filed as dead, and those of its key that come
 * after it wait behind it, so that the order of a key is kept whatever fails.
 */
@Component
public class RecordParking {

    private final DeadLetterStore store;
    private final DeadLetterCounts counts;
    private final TransactionTemplate transaction;

    RecordParking(DeadLetterStore store, DeadLetterCounts counts, PlatformTransactionManager transactions) {
        this.store = store;
        this.counts = counts;
        this.transaction = new TransactionTemplate(transactions);
    }

    /**
     * Keeps back the records whose key has a dead letter.
     *
     * @return the others, in their order: they are to be taken
     * @throws ParkingFullException if too many wait already
     */
    public <R extends ConsumerRecord<String, byte @Nullable []>> List<R> park(String group, List<R> records) {
        Set<String> keys = new HashSet<>();
        for (R record : records) {
            String key = DeadLetterStore.keyOf(record);
            if (key != null) {
                keys.add(key);
            }
        }
        Set<ParkedKey> parked = store.parked(group, keys);
        if (parked.isEmpty()) {
            return records;
        }
        Map<String, List<R>> behind = new TreeMap<>();
        for (R record : records) {
            String key = DeadLetterStore.keyOf(record);
            if (key != null && parked.contains(new ParkedKey(group, record.topic(), key))) {
                behind.computeIfAbsent(record.topic() + ' ' + key, none -> new ArrayList<>())
                        .add(record);
            }
        }
        counts.checkRoom();
        Set<R> kept = keep(group, behind);
        return records.stream().filter(record -> !kept.contains(record)).toList();
    }

    private <R extends ConsumerRecord<String, byte @Nullable []>> Set<R> keep(
            String group, Map<String, List<R>> behind) {
        Set<R> kept = Collections.newSetFromMap(new IdentityHashMap<>());
        // Locks are taken in the order of the keys, by everybody.
        transaction.executeWithoutResult(status -> behind.values().forEach(records -> {
            R first = records.getFirst();
            // Let go meanwhile: then nothing is before these records.
            if (store.lock(new ParkedKey(group, first.topic(), first.key()))) {
                store.file(group, records, DeadLetterState.PARKED, 0, null);
                kept.addAll(records);
            }
        }));
        return kept;
    }

    /** Files a record that failed; from now on those of its key wait. */
    public void bury(String group, ConsumerRecord<?, byte @Nullable []> record, int attempts, Throwable failure) {
        transaction.executeWithoutResult(status -> {
            String key = DeadLetterStore.keyOf(record);
            if (key != null) {
                store.park(new ParkedKey(group, record.topic(), key));
            }
            store.file(group, List.of(record), DeadLetterState.DEAD, attempts, failure);
        });
    }
}
