package dev.onsale.eventlog;

import dev.onsale.api.Ids;
import java.security.SecureRandom;
import java.util.SplittableRandom;
import org.axonframework.common.IdentifierFactory;

/**
 * Gives Axon's messages UUIDs of version 7. The store has a unique key on the event's identifier: identifiers that grow keep
 * that index's new entries side by side, where random ones would touch a page each.
 *
 * <p>Axon finds this class through {@code META-INF/services}. These identifiers are names, not secrets, so a fast generator with
 * a secret seed will do.
 */
public final class TimeOrderedIdentifiers extends IdentifierFactory {

    private static final SecureRandom SEEDS = new SecureRandom();
    private static final ThreadLocal<SplittableRandom> RANDOM =
            ThreadLocal.withInitial(() -> new SplittableRandom(SEEDS.nextLong()));

    @Override
    public String generateIdentifier() {
        return Ids.timeOrdered(RANDOM.get()).toString();
    }
}
