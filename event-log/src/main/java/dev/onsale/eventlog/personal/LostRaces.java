package dev.onsale.eventlog.personal;

import java.util.function.Supplier;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.PessimisticLockingFailureException;

/** Two nodes make, or one makes and another erases, the key of one person: the one that the database gives up looks again. */
final class LostRaces {

    private static final int TRIES_MAX = 20;

    private LostRaces() {}

    static <T> T again(Supplier<T> attempt) {
        for (int attempts = 1; ; attempts++) {
            try {
                return attempt.get();
            } catch (DuplicateKeyException | PessimisticLockingFailureException lost) {
                if (attempts >= TRIES_MAX) {
                    throw lost;
                }
            }
        }
    }
}
