package dev.onsale.proof.seal;

/**
 * Closes a block of the log and, through the seal before it, everything before.
 *
 * @param number from 1 without holes
 * @param previous the seal before, {@link Digest#ZERO} for the first
 * @param firstPosition position of the first event of the block
 * @param lastPosition position of the last event of the block
 * @param events events in the block
 * @param log last link of the chain over the block's events in order, beginning with {@link Digest#ZERO}
 * @param sales root of the {@link SaleTree} with the block's events in it
 * @param sealedAt when, ISO 8601
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
