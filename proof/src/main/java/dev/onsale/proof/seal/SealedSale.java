package dev.onsale.proof.seal;

/**
 * How far the chain of one sale has come.
 *
 * @param sale digest of the sale's key: a proof for one sale must not name the others
 * @param events how many events it has
 * @param head its last link
 */
public record SealedSale(Digest sale, long events, Digest head) {

    public static Digest digestOf(String saleKey) {
        return Digest.over("onsale.sale.v1").put(saleKey).digest();
    }

    /** Where it is in the tree. */
    public int bucket() {
        return sale.first16Bits();
    }
}
