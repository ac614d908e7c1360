package dev.onsale.query.deadletter;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What a consumer does with records that it must not take: one that failed is filed as dead, and those of its key that come
 * after it wait behind it, so that the order of a key is kept whatever fails.
 */
@Component
public class RecordParking {

    private static final int DRAINED_PER_PARKED = 2;

    private final DeadLetterStore store;
    private final DeadLetterCounts counts;
    private final ObjectProvider<DeadLetterRetry> retry;
    private final TransactionTemplate transaction;

    /**
     * @param retry looked up late, because it needs the consumers, which need this
     */
    RecordParking(
            DeadLetterStore store,
            DeadLetterCounts counts,
            ObjectProvider<DeadLetterRetry> retry,
            PlatformTransactionManager transactions) {
        this.store = store;
        this.counts = counts;
        this.retry = retry;
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
        drain(group, behind.values());
        counts.checkRoom();
        Set<R> kept = keep(group, behind);
        return records.stream().filter(record -> !kept.contains(record)).toList();
    }

    /**
     * Nothing dead is before the first records of some keys any more. More of them are taken than are about to be parked, so
     * that they become fewer however many come.
     */
    private <R extends ConsumerRecord<String, byte @Nullable []>> void drain(String group, Collection<List<R>> behind) {
        for (List<R> records : behind) {
            R first = records.getFirst();
            retry.getObject()
                    .drain(new ParkedKey(group, first.topic(), first.key()), DRAINED_PER_PARKED * records.size());
        }
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
