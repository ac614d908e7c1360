package dev.onsale.query.deadletter;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Gives dead letters to their consumers again, the first of a key first. That a letter was taken is committed together with
 * what it changed.
 */
@Component
class DeadLetterRetry {

    static final int PARKED_AT_ONCE = 500;

    private final DeadLetterStore store;
    private final Map<String, RedeliveryTarget> takers;
    private final TransactionTemplate transaction;

    DeadLetterRetry(
            DeadLetterStore store, ObjectProvider<RedeliveryTarget> takers, PlatformTransactionManager transactions) {
        this.store = store;
        this.takers = takers.stream().collect(Collectors.toMap(RedeliveryTarget::group, Function.identity()));
        this.transaction = new TransactionTemplate(transactions);
    }

    /**
     * Tries one letter again.
     *
     * @return what it failed with, {@code null} if it was taken
     * @throws RefusedException if there is none, it does not wait, or another is before it
     */
    @Nullable
    Throwable retry(long id, String operator) {
        try {
            transaction.executeWithoutResult(status -> {
                StoredRecord letter = lockedFirst(id);
                taker(letter.group()).take(List.of(letter.toConsume()));
                store.settle(id, DeadLetterState.RETRIED, operator, null);
                release(letter);
            });
            return null;
        } catch (RefusedException refused) {
            throw refused;
        } catch (RuntimeException failure) {
            if (isAway(failure)) {
                throw failure;
            }
            store.failedAgain(id, failure);
            return failure;
        }
    }

    /** Gives a letter up. Those behind it go on if it was the one that held them up. */
    void drop(long id, String operator, String reason) {
        transaction.executeWithoutResult(status -> {
            StoredRecord letter = lockedWaiting(id);
            store.settle(id, DeadLetterState.DROPPED, operator, reason);
            release(letter);
        });
    }

    /**
     * Takes what is parked under a key until something dead is first.
     *
     * @return how many were taken; fewer than {@value #PARKED_AT_ONCE} if no more can be
     */
    int release(ParkedKey key) {
        List<StoredRecord> batch = new ArrayList<>();
        try {
            transaction.executeWithoutResult(status -> {
                if (store.lock(key)) {
                    batch.addAll(dueOf(key));
                    take(key, batch);
                }
            });
            return batch.size();
        } catch (RuntimeException failure) {
            if (batch.size() > 1 && !isAway(failure)) {
                return releaseOneByOne(key, batch);
            }
            return dead(batch, failure);
        }
    }

    /** Takes at least so many of what is parked under a key, or all that can be taken: nothing if something dead is first. */
    void drain(ParkedKey key, int atLeast) {
        int taken = 0;
        while (taken < atLeast && store.isDue(key)) {
            int now = release(key);
            taken += now < PARKED_AT_ONCE ? atLeast : now;
        }
    }

    private int releaseOneByOne(ParkedKey key, List<StoredRecord> batch) {
        for (StoredRecord letter : batch) {
            try {
                transaction.executeWithoutResult(status -> {
                    if (store.lock(key) && isFirst(key, letter)) {
                        take(key, List.of(letter));
                    }
                });
            } catch (RuntimeException failure) {
                return dead(List.of(letter), failure);
            }
        }
        return batch.size();
    }

    private int dead(List<StoredRecord> batch, RuntimeException failure) {
        if (isAway(failure)) {
            throw failure;
        }
        batch.forEach(letter -> store.failedAgain(letter.id(), failure));
        return 0;
    }

    private List<StoredRecord> dueOf(ParkedKey key) {
        return store.waiting(key, PARKED_AT_ONCE).stream()
                .takeWhile(letter -> letter.state() == DeadLetterState.PARKED)
                .toList();
    }

    private void take(ParkedKey key, List<StoredRecord> batch) {
        if (!batch.isEmpty()) {
            taker(key.group()).take(batch.stream().map(StoredRecord::toConsume).toList());
            store.forget(batch.stream().map(StoredRecord::id).toList());
        }
        store.releaseIfEmpty(key);
    }

    private boolean isFirst(ParkedKey key, StoredRecord letter) {
        return store.firstWaiting(key).filter(first -> first == letter.id()).isPresent();
    }

    private StoredRecord lockedFirst(long id) {
        StoredRecord letter = lockedWaiting(id);
        ParkedKey key = parkedKey(letter);
        if (key != null && !isFirst(key, letter)) {
            throw new RefusedException(
                    RefusalCode.DEAD_LETTER_NOT_FIRST,
                    "Dead letter " + store.firstWaiting(key).orElseThrow() + " of the same key is before it");
        }
        return letter;
    }

    private StoredRecord lockedWaiting(long id) {
        StoredRecord letter = store.find(id)
                .orElseThrow(
                        () -> new RefusedException(RefusalCode.DEAD_LETTER_NOT_FOUND, "There is no dead letter " + id));
        ParkedKey key = parkedKey(letter);
        if (!letter.state().isWaiting() || (key != null && !store.lock(key))) {
            throw settled(id);
        }
        // Read again under the lock: somebody else may have been faster.
        return store.locked(id).filter(found -> found.state().isWaiting()).orElseThrow(() -> settled(id));
    }

    /** Those that are taken in order with a letter; {@code null} if it is taken by itself. */
    private @Nullable ParkedKey parkedKey(StoredRecord letter) {
        RedeliveryTarget taker = takers.get(letter.group());
        return taker != null && !taker.isInOrder() ? null : letter.parkedKey();
    }

    private static RefusedException settled(long id) {
        return new RefusedException(
                RefusalCode.DEAD_LETTER_SETTLED, "Dead letter " + id + " was taken or dropped already");
    }

    private void release(StoredRecord letter) {
        ParkedKey key = parkedKey(letter);
        if (key != null) {
            store.releaseIfEmpty(key);
        }
    }

    private boolean isAway(RuntimeException failure) {
        return takers.values().stream().anyMatch(taker -> taker.isAway(failure));
    }

    private RedeliveryTarget taker(String group) {
        RedeliveryTarget taker = takers.get(group);
        if (taker == null) {
            throw new RefusedException(
                    RefusalCode.TEMPORARILY_UNAVAILABLE, "No consumers of the group " + group + " are here");
        }
        return taker;
    }
}
