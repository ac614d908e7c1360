package dev.onsale.command.coupon;

import dev.onsale.api.BuyerId;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * The buyers of one campaign, numbered from 0 in the order in which they got their first coupon, and how many coupons each
 * has. The hash only selects the slot; the name is compared. A million buyers are about 50 MB here, against a
 * quarter of a gigabyte as a map of strings.
 */
final class BuyerTable {

    static final int ABSENT = -1;

    /** Names lie one after the other in pages, so that growing never copies them. */
    private static final int PAGE_BITS = 20;

    private static final int PAGE_BYTES_MAX = 1 << PAGE_BITS;
    private static final int PAGE_BYTES_MIN = 256;
    private static final int SLOTS_MIN = 16;

    /** Clients choose names. Without a seed they could choose names with equal hashes. */
    private static final long SEED = new SecureRandom().nextLong();

    private byte[][] pages = {};
    private int pageUsed;
    private int[] places = new int[SLOTS_MIN];
    private int[] hashes = new int[SLOTS_MIN];
    private byte[] coupons = new byte[SLOTS_MIN];
    private int[] slots = new int[SLOTS_MIN];
    private int size;

    long memoryBytes() {
        return (long) PAGE_BYTES_MAX * Math.max(0, pages.length - 1)
                + (pages.length == 0 ? 0 : pages[pages.length - 1].length)
                + (long) Integer.BYTES * (places.length + hashes.length + slots.length)
                + coupons.length;
    }

    int size() {
        return size;
    }

    /** The buyer's number, or {@link #ABSENT}. */
    int find(BuyerId buyer) {
        String name = buyer.value();
        return slots[slotOf(name, hash(name))] - 1;
    }

    /** Counts one coupon more for the buyer and gives the buyer's number. */
    int countCoupon(BuyerId buyer) {
        String name = buyer.value();
        int hash = hash(name);
        int slot = slotOf(name, hash);
        int number = slots[slot] - 1;
        if (number == ABSENT) {
            number = add(name, hash);
            slots[slot] = number + 1;
            if (size * 2 > slots.length) {
                rehash();
            }
        }
        countCoupon(number);
        return number;
    }

    /** Never more than a byte holds: a campaign allows 100 coupons a buyer at most. */
    private void countCoupon(int number) {
        coupons[number] = (byte) Math.addExact(coupons[number], (byte) 1);
    }

    int couponsOf(BuyerId buyer) {
        int number = find(buyer);
        return number == ABSENT ? 0 : coupons[number];
    }

    BuyerId get(int number) {
        return new BuyerId(name(number));
    }

    boolean is(int number, BuyerId buyer) {
        return matches(number, buyer.value());
    }

    private int slotOf(String name, int hash) {
        int mask = slots.length - 1;
        int slot = hash & mask;
        while (slots[slot] != 0 && (hashes[slots[slot] - 1] != hash || !matches(slots[slot] - 1, name))) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private int add(String name, int hash) {
        // One byte for the length, then the name; its form allows 128 characters of ASCII.
        int bytes = 1 + name.length();
        if (pages.length == 0 || pageUsed + bytes > pages[pages.length - 1].length) {
            // Most campaigns are small: a page is as large as all before it.
            pages = Arrays.copyOf(pages, pages.length + 1);
            pages[pages.length - 1] =
                    new byte[Math.min(PAGE_BYTES_MAX, PAGE_BYTES_MIN << Math.min(pages.length - 1, PAGE_BITS))];
            pageUsed = 0;
        }
        byte[] page = pages[pages.length - 1];
        page[pageUsed] = (byte) name.length();
        byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(ascii, 0, page, pageUsed + 1, ascii.length);
        if (size == places.length) {
            places = Arrays.copyOf(places, size * 2);
            hashes = Arrays.copyOf(hashes, size * 2);
            coupons = Arrays.copyOf(coupons, size * 2);
        }
        places[size] = ((pages.length - 1) << PAGE_BITS) | pageUsed;
        hashes[size] = hash;
        pageUsed += bytes;
        return size++;
    }

    private void rehash() {
        int[] wider = new int[slots.length * 2];
        int mask = wider.length - 1;
        for (int number = 0; number < size; number++) {
            int slot = hashes[number] & mask;
            while (wider[slot] != 0) {
                slot = (slot + 1) & mask;
            }
            wider[slot] = number + 1;
        }
        slots = wider;
    }

    private boolean matches(int number, String name) {
        byte[] page = pages[places[number] >>> PAGE_BITS];
        int at = places[number] & (PAGE_BYTES_MAX - 1);
        if (Byte.toUnsignedInt(page[at]) != name.length()) {
            return false;
        }
        for (int index = 0; index < name.length(); index++) {
            if (page[at + 1 + index] != name.charAt(index)) {
                return false;
            }
        }
        return true;
    }

    private String name(int number) {
        byte[] page = pages[places[number] >>> PAGE_BITS];
        int at = places[number] & (PAGE_BYTES_MAX - 1);
        return new String(page, at + 1, Byte.toUnsignedInt(page[at]), StandardCharsets.US_ASCII);
    }

    private int hash(String name) {
        long hash = SEED;
        for (int index = 0; index < name.length(); index++) {
            hash = Long.rotateLeft((hash ^ name.charAt(index)) * 0x9E37_79B9_7F4A_7C15L, 29);
        }
        return (int) (hash ^ (hash >>> 32));
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(size);
        for (int number = 0; number < size; number++) {
            byte[] page = pages[places[number] >>> PAGE_BITS];
            int at = places[number] & (PAGE_BYTES_MAX - 1);
            out.write(page, at, 1 + Byte.toUnsignedInt(page[at]));
            out.writeByte(coupons[number]);
        }
    }

    static BuyerTable read(DataInput in) throws IOException {
        BuyerTable table = new BuyerTable();
        int count = in.readInt();
        byte[] bytes = new byte[255];
        for (int number = 0; number < count; number++) {
            int length = in.readUnsignedByte();
            in.readFully(bytes, 0, length);
            BuyerId buyer = new BuyerId(new String(bytes, 0, length, StandardCharsets.US_ASCII));
            if (table.countCoupon(buyer) != number) {
                throw new IOException("A buyer is named twice");
            }
            table.coupons[number] = in.readByte();
        }
        return table;
    }
}
