package dev.onsale.api.proof;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the waiting rooms keep of whom they admitted, for the sealed log. The waiting room of a process gives it, the
 * sealer of the same process takes it. Blocks.
 *
 * <p>Each record is a JSON object with one of these members:
 *
 * <ul>
 *   <li>{@code room}: {@code activeLimitMax}, the highest limit of places that was ever set, and {@code commitment}, the
 *       SHA-256 of the seed of the draw, hexadecimal; the first record of each room, and again when the limit grows
 *   <li>{@code entry}: one entry of the room's journal
 *   <li>{@code used}: one used admission token, with {@code tokenId}, {@code buyer} and {@code enteredAt} in milliseconds
 *       since 1970 UTC
 *   <li>{@code seed}, once the room has opened: the seed, hexadecimal
 * </ul>
 */
public interface AdmissionRecords {

    /** Sales that have or had a waiting room, each with a text that changes when there are new records. */
    Map<String, String> marks();

    /**
     * The next records of a sale in order. A record may be given more than once; it has the same text each time.
     *
     * @param saleKey performance or campaign
     * @param cursor {@code cursor} of the page before; absent for the first
     */
    Page after(String saleKey, @Nullable String cursor, int limit);

    /**
     * @param cursor opaque, up to 500 characters
     * @param more whether there are more records now
     */
    record Page(List<String> records, String cursor, boolean more) {

        public Page {
            records = List.copyOf(records);
        }
    }
}
