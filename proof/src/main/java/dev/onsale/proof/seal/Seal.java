package dev.onsale.proof.seal;

import org.jspecify.annotations.Nullable;

/**
 * Covers a block of the log and, through the tree over the seals, everything before it. It is also the signed head of
 * that tree.
 *
 * @param number number of the seal, from 1 without gaps
 * @param previous digest of the previous seal; {@link Digest#ZERO} for the first
 * @param firstPosition position of the first event of the block; the next position if the block has no event
 * @param lastPosition position of the last event of the block, or of an earlier one
 * @param events number of events in the block
 * @param records number of records of waiting rooms in the block
 * @param log root of the Merkle tree over the block's events and then its records; version 1: last link of a hash chain
 *     over the block's events, which starts with {@link Digest#ZERO}
 * @param sales root of the {@link SaleTree} after the block
 * @param tree root of the Merkle tree over the digests of all earlier seals; absent in version 1
 * @param sealedAt when the block was sealed, ISO 8601
 */
public record Seal(
        long number,
        Digest previous,
        long firstPosition,
        long lastPosition,
        long events,
        long records,
        Digest log,
        Digest sales,
        @Nullable Digest tree,
        String sealedAt) {

    public Digest digest() {
        Digest root = tree;
        if (root == null) {
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
        return Digest.over("onsale.seal.v2")
                .put(number)
                .put(previous)
                .put(firstPosition)
                .put(lastPosition)
                .put(events)
                .put(records)
                .put(log)
                .put(sales)
                .put(root)
                .put(sealedAt)
                .digest();
    }

    /** The same seal over another state of the sales. */
    public Seal withSales(Digest root) {
        return new Seal(number, previous, firstPosition, lastPosition, events, records, log, root, tree, sealedAt);
    }
}
