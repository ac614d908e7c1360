package dev.onsale.api.proof;

import java.util.function.Consumer;

/**
 * What a waiting room keeps of whom it admitted, for the exported log of a sale. The waiting room of a process gives it, the
 * export of the same process takes it; a process without a waiting room exports none.
 */
public interface AdmissionRecords {

    /**
     * Tells the records of a sale, oldest first; none if the sale never had a waiting room. Blocks. Each is a JSON object with
     * one of these members:
     *
     * <ul>
     *   <li>{@code room}, first: {@code activeLimitMax}, the highest limit of places that was ever set, and
     *       {@code commitment}, the SHA-256 of the seed of the draw, hexadecimal
     *   <li>{@code entry}: one entry of the room's journal
     *   <li>{@code used}: one used admission token, with {@code tokenId}, {@code buyer} and {@code enteredAt} in
     *       milliseconds since 1970 UTC
     *   <li>{@code seed}, last and only once the room has opened: the seed, hexadecimal
     * </ul>
     *
     * @param saleKey performance or campaign
     * @param each takes one record; what it throws ends the telling
     */
    void tell(String saleKey, Consumer<String> each);
}
