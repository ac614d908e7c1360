package dev.onsale.query.seatmap;

import dev.onsale.api.view.SeatCounts;
import dev.onsale.api.view.SeatState;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * All seats of a performance in the order of the plan, two bits each, behind a header of 16 bytes: number of facts and
 * version. The header alone says "there is an edition at least as new as this, read the database".
 */
final class SeatMap {

    static final int HEADER_BYTES = 2 * Long.BYTES;

    private static final int BITS_PER_SEAT = 2;
    private static final int SEATS_PER_BYTE = Byte.SIZE / BITS_PER_SEAT;
    private static final List<SeatState> STATE_OF_CODE =
            List.of(SeatState.AVAILABLE, SeatState.HELD, SeatState.BOOKED, SeatState.BLOCKED);
    private static final String LETTER_OF_CODE = "AHBX";

    private final byte[] value;
    private final int seats;

    private SeatMap(byte[] value, int seats) {
        this.value = value;
        this.seats = seats;
    }

    /** Every seat available that is for sale. */
    static SeatMap empty(SeatMapVersion edition, int seats, BitSet notForSale) {
        byte[] value = new byte[length(seats)];
        System.arraycopy(header(edition), 0, value, 0, HEADER_BYTES);
        SeatMap map = new SeatMap(value, seats);
        notForSale.stream().forEach(index -> map.set(index, SeatState.BLOCKED));
        return map;
    }

    /** Nothing if the value is not a whole map of so many seats. */
    static Optional<SeatMap> of(byte[] value, int seats) {
        return value.length == length(seats) ? Optional.of(new SeatMap(value, seats)) : Optional.empty();
    }

    static byte[] header(SeatMapVersion edition) {
        return ByteBuffer.allocate(HEADER_BYTES)
                .putLong(edition.facts())
                .putLong(edition.version())
                .array();
    }

    static Optional<SeatMapVersion> edition(byte[] value) {
        if (value.length < HEADER_BYTES) {
            return Optional.empty();
        }
        ByteBuffer header = ByteBuffer.wrap(value, 0, HEADER_BYTES);
        return Optional.of(new SeatMapVersion(header.getLong(), header.getLong()));
    }

    private static int length(int seats) {
        return HEADER_BYTES + (seats + SEATS_PER_BYTE - 1) / SEATS_PER_BYTE;
    }

    /** Where a seat begins in the value, in bits, as Redis counts them: from the highest bit of the first byte. */
    static long bitOffset(int index) {
        return HEADER_BYTES * (long) Byte.SIZE + (long) index * BITS_PER_SEAT;
    }

    static int code(SeatState state) {
        return STATE_OF_CODE.indexOf(state);
    }

    void set(int index, SeatState state) {
        int at = HEADER_BYTES + index / SEATS_PER_BYTE;
        int shift = shift(index);
        value[at] = (byte) ((value[at] & ~(0b11 << shift)) | (code(state) << shift));
    }

    SeatState state(int index) {
        return STATE_OF_CODE.get(code(index));
    }

    private int code(int index) {
        return (value[HEADER_BYTES + index / SEATS_PER_BYTE] >> shift(index)) & 0b11;
    }

    private static int shift(int index) {
        return Byte.SIZE - BITS_PER_SEAT * (index % SEATS_PER_BYTE + 1);
    }

    byte[] value() {
        return value;
    }

    int seats() {
        return seats;
    }

    SeatMapVersion edition() {
        return edition(value).orElseThrow();
    }

    SeatCounts counts() {
        int[] counts = new int[STATE_OF_CODE.size()];
        for (int index = 0; index < seats; index++) {
            counts[code(index)]++;
        }
        return new SeatCounts(
                seats,
                counts[code(SeatState.AVAILABLE)],
                counts[code(SeatState.HELD)],
                counts[code(SeatState.BOOKED)],
                counts[code(SeatState.BLOCKED)]);
    }

    char letter(int index) {
        return LETTER_OF_CODE.charAt(code(index));
    }

    String letters() {
        char[] letters = new char[seats];
        for (int index = 0; index < seats; index++) {
            letters[index] = LETTER_OF_CODE.charAt(code(index));
        }
        return new String(letters);
    }
}
