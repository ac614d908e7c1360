package dev.onsale.proof.seal;

/**
 * The state of one sale's hash chain.
 *
 * @param sale digest of the sale's key, so that a proof for one sale does not disclose the keys of others
 * @param events number of events
 * @param head last link of the chain
 */
public record SealedSale(Digest sale, long events, Digest head) {

    public static Digest digestOf(String saleKey) {
        return Digest.over("onsale.sale.v1").put(saleKey).digest();
    }

    /** The place of the records of a sale's waiting room: a chain of its own. */
    public static Digest digestOfRoom(String saleKey) {
        return Digest.over("onsale.room.v1").put(saleKey).digest();
    }

    /** Number of the sale's leaf in the tree. */
    public int bucket() {
        return sale.first16Bits();
    }
}
