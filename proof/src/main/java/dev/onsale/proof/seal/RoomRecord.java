package dev.onsale.proof.seal;

/**
 * One record of a waiting room as sealed.
 *
 * @param saleKey key of the sale
 * @param number number of the record within the room, from 1
 * @param record the record as the waiting room published it, JSON
 */
public record RoomRecord(String saleKey, long number, String record) {

    public Digest digest() {
        return Digest.over("onsale.record.v1")
                .put(saleKey)
                .put(number)
                .put(record)
                .digest();
    }

    /** The link of the room's hash chain after this record. */
    public Digest link(Digest before) {
        return Digest.over("onsale.link.v1").put(before).put(digest()).digest();
    }

    /** Digest of the text alone, to recognise a record that is already sealed. */
    public static Digest content(String record) {
        return Digest.over("onsale.record-content.v1").put(record).digest();
    }
}
