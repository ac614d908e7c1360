package dev.onsale.proof.sealing;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.springframework.stereotype.Component;

/** Finds sealed events by sale and by time. */
@Component
public class SaleIndex {

    private final SealStore store;

    SaleIndex(SealStore store) {
        this.store = store;
    }

    /** The last position that the index covers. */
    public long sealedTo() {
        return store.head().map(stored -> stored.seal().lastPosition()).orElse(0L);
    }

    /**
     * Positions of a sale's sealed events, in ascending order.
     *
     * @param after exclusive
     */
    public List<Long> positions(String saleKey, long after, int limit) {
        return store.sale(saleKey)
                .map(sale -> store.positions(sale.no(), store.lastNumberUpTo(sale, after), limit))
                .orElse(List.of());
    }

    /**
     * A position up to which every event was sealed, and therefore stored, before an instant.
     *
     * @return exclusive end; the last sealed position if everything was sealed before the instant
     */
    public long before(Instant instant) {
        // The texts have fractions of different lengths, so only whole seconds are in the order of the instants.
        String second = instant.truncatedTo(ChronoUnit.SECONDS).toString();
        return store.firstPositionSealedSince(second.substring(0, second.length() - 1))
                .map(first -> first - 1)
                .orElseGet(this::sealedTo);
    }
}
