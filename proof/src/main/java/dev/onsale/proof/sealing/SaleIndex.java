package dev.onsale.proof.sealing;

import java.time.Instant;
import java.util.List;
import org.springframework.stereotype.Component;

/** Finds events by sale and by time, as far as the log is sealed. */
@Component
public class SaleIndex {

    private final SealStore store;

    SaleIndex(SealStore store) {
        this.store = store;
    }

    /** Everything up to this position is in the index. */
    public long sealedTo() {
        return store.head().map(stored -> stored.seal().lastPosition()).orElse(0L);
    }

    /**
     * Positions of a sale's sealed events, growing.
     *
     * @param after exclusive
     */
    public List<Long> positions(String saleKey, long after, int limit) {
        return store.sale(saleKey)
                .map(sale -> store.positions(
                        sale.no(), lastNumberUpTo(sale.no(), sale.sealed().events(), after), limit))
                .orElse(List.of());
    }

    /** A chain follows the positions: the place in it is found by halving, without an index of its own. */
    private long lastNumberUpTo(long saleNo, long events, long position) {
        long low = 0;
        long high = events;
        while (low < high) {
            long middle = (low + high + 1) / 2;
            if (store.position(saleNo, middle) <= position) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /**
     * A position before which everything was sealed, and so written down, before an instant.
     *
     * @return exclusive; the end of what is sealed if all of it was
     */
    public long before(Instant instant) {
        return store.firstPositionSealedSince(instant.toString())
                .map(first -> first - 1)
                .orElseGet(this::sealedTo);
    }
}
