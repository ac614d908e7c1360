package dev.onsale.proof.seal;

/**
 * Covers a block of the log and, through the previous seal, everything before it.
 *
 * @param number number of the seal, from 1 without gaps
 * @param previous digest of the previous seal; {@link Digest#ZERO} for the first
 * @param firstPosition position of the first event of the block
 * @param lastPosition position of the last event of the block
 * @param events number of events in the block
 * @param log last link of the hash chain over the block's events in order, which starts with {@link Digest#ZERO}
 * @param sales root of the {@link SaleTree} after the block's events
 * @param sealedAt when the block was sealed, ISO 8601
 */
public record Seal(
        long number,
        Digest previous,
        long firstPosition,
        long lastPosition,
        long events,
        Digest log,
        Digest sales,
        String sealedAt) {

    public Digest digest() {
        return Digest.over("onsale.seal.v1")
                .put(number)
                .put(previous)
                .put(firstPosition)
                .put(lastPosition)
                .put(events)
                .put(log)
                .put(sales)
                .put(sealedAt)
                .digest();
    }
}
