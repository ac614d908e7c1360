package dev.onsale.command.coupon;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.UUID;

/** Identifiers, each once, numbered from 0 in the order in which they were added: about 25 bytes each and no object. */
final class UuidTable {

    static final int ABSENT = -1;

    private static final int ROWS_MIN = 16;

    private long[] high = new long[ROWS_MIN];
    private long[] low = new long[ROWS_MIN];
    private int[] slots = new int[ROWS_MIN * 2];
    private int size;

    long memoryBytes() {
        return (long) Long.BYTES * (high.length + low.length) + (long) Integer.BYTES * slots.length;
    }

    int size() {
        return size;
    }

    /** The number of the identifier, or {@link #ABSENT}. */
    int find(UUID id) {
        return slots[slotOf(id.getMostSignificantBits(), id.getLeastSignificantBits())] - 1;
    }

    UUID get(int number) {
        return new UUID(high[number], low[number]);
    }

    /**
     * Adds the identifier as the last.
     *
     * @return whether it is new
     */
    boolean add(UUID id) {
        return add(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    private boolean add(long idHigh, long idLow) {
        int slot = slotOf(idHigh, idLow);
        if (slots[slot] != 0) {
            return false;
        }
        if (size == high.length) {
            high = Arrays.copyOf(high, size * 2);
            low = Arrays.copyOf(low, size * 2);
        }
        high[size] = idHigh;
        low[size] = idLow;
        size++;
        slots[slot] = size;
        if (size * 2 > slots.length) {
            rehash();
        }
        return true;
    }

    private int slotOf(long idHigh, long idLow) {
        int mask = slots.length - 1;
        int slot = hash(idHigh, idLow) & mask;
        while (slots[slot] != 0 && (low[slots[slot] - 1] != idLow || high[slots[slot] - 1] != idHigh)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    /** The ids are derived by SHA-256: nobody chooses them, and any of their bits are as good as others. */
    private static int hash(long idHigh, long idLow) {
        long mixed = (idHigh ^ Long.rotateLeft(idLow, 32)) * 0x9E37_79B9_7F4A_7C15L;
        return (int) (mixed >>> 32);
    }

    private void rehash() {
        slots = new int[slots.length * 2];
        for (int number = 0; number < size; number++) {
            slots[slotOf(high[number], low[number])] = number + 1;
        }
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(size);
        for (int number = 0; number < size; number++) {
            out.writeLong(high[number]);
            out.writeLong(low[number]);
        }
    }

    static UuidTable read(DataInput in) throws IOException {
        UuidTable table = new UuidTable();
        int count = in.readInt();
        for (int number = 0; number < count; number++) {
            if (!table.add(in.readLong(), in.readLong())) {
                throw new IOException("An identifier is there twice");
            }
        }
        return table;
    }
}
