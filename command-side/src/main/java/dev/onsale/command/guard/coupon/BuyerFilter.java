package dev.onsale.command.guard.coupon;

import dev.onsale.api.BuyerId;
import java.util.concurrent.atomic.AtomicLongArray;

/** A Bloom filter of buyers: whom it does not know was never added; about one in a hundred strangers looks familiar. */
final class BuyerFilter {

    private static final int BITS_PER_BUYER = 10;
    private static final int PROBES = 7;

    private final AtomicLongArray words;
    private final long bits;

    BuyerFilter(long buyers) {
        words = new AtomicLongArray(Math.toIntExact(Math.max(1, buyers) * BITS_PER_BUYER / Long.SIZE + 1));
        bits = (long) words.length() * Long.SIZE;
    }

    int bytes() {
        return words.length() * Long.BYTES;
    }

    void add(BuyerId buyer) {
        long hash = hash(buyer);
        for (int probe = 0; probe < PROBES; probe++) {
            long bit = bit(hash, probe);
            words.accumulateAndGet((int) (bit / Long.SIZE), 1L << (bit % Long.SIZE), (word, mask) -> word | mask);
        }
    }

    boolean mayContain(BuyerId buyer) {
        long hash = hash(buyer);
        for (int probe = 0; probe < PROBES; probe++) {
            long bit = bit(hash, probe);
            if ((words.get((int) (bit / Long.SIZE)) & (1L << (bit % Long.SIZE))) == 0) {
                return false;
            }
        }
        return true;
    }

    private long bit(long hash, int probe) {
        return Long.remainderUnsigned(mixed(hash + probe * 0x9e3779b97f4a7c15L), bits);
    }

    private static long hash(BuyerId buyer) {
        long hash = 0xcbf29ce484222325L;
        String name = buyer.value();
        for (int index = 0; index < name.length(); index++) {
            hash = (hash ^ name.charAt(index)) * 0x100000001b3L;
        }
        return mixed(hash);
    }

    private static long mixed(long value) {
        long mixed = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
