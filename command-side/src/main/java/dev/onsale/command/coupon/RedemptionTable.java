package dev.onsale.command.coupon;

import dev.onsale.api.PaymentId;
import dev.onsale.api.ReservationId;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the coupons of one campaign are used for, by the row of the coupon. Coupons that are not used cost nothing, or four bytes. */
final class RedemptionTable {

    private static final int PLACES_MIN = 16;

    /**
     * One use of a coupon.
     *
     * @param reservationId for what
     * @param paymentId by which payment
     * @param redeemedAt when
     */
    record Redemption(ReservationId reservationId, PaymentId paymentId, Instant redeemedAt) {}

    /** By row: the place of its use, counted from 1; 0 for none. */
    private int[] placeOf = {};

    private int[] rowOf = new int[PLACES_MIN];
    private long[] reservationHigh = new long[PLACES_MIN];
    private long[] reservationLow = new long[PLACES_MIN];
    private long[] paymentHigh = new long[PLACES_MIN];
    private long[] paymentLow = new long[PLACES_MIN];
    private long[] redeemedNanos = new long[PLACES_MIN];
    private int size;

    long memoryBytes() {
        return (long) Integer.BYTES * (placeOf.length + rowOf.length) + 5L * Long.BYTES * redeemedNanos.length;
    }

    @Nullable
    Redemption get(int row) {
        int place = place(row);
        return place < 0
                ? null
                : new Redemption(
                        new ReservationId(new UUID(reservationHigh[place], reservationLow[place])),
                        new PaymentId(new UUID(paymentHigh[place], paymentLow[place])),
                        EpochNanos.instant(redeemedNanos[place]));
    }

    void put(int row, Redemption use) {
        if (row >= placeOf.length) {
            placeOf = Arrays.copyOf(placeOf, Math.max(PLACES_MIN, Integer.highestOneBit(row) * 2));
        }
        int place = place(row);
        if (place < 0) {
            grow();
            place = size++;
            placeOf[row] = place + 1;
        }
        rowOf[place] = row;
        reservationHigh[place] = use.reservationId().value().getMostSignificantBits();
        reservationLow[place] = use.reservationId().value().getLeastSignificantBits();
        paymentHigh[place] = use.paymentId().value().getMostSignificantBits();
        paymentLow[place] = use.paymentId().value().getLeastSignificantBits();
        redeemedNanos[place] = EpochNanos.of(use.redeemedAt());
    }

    /** The last use takes the place of the one that is removed. */
    void remove(int row) {
        int place = place(row);
        if (place < 0) {
            return;
        }
        int last = --size;
        placeOf[rowOf[last]] = place + 1;
        placeOf[row] = 0;
        rowOf[place] = rowOf[last];
        reservationHigh[place] = reservationHigh[last];
        reservationLow[place] = reservationLow[last];
        paymentHigh[place] = paymentHigh[last];
        paymentLow[place] = paymentLow[last];
        redeemedNanos[place] = redeemedNanos[last];
    }

    private int place(int row) {
        return row < placeOf.length ? placeOf[row] - 1 : -1;
    }

    private void grow() {
        if (size == rowOf.length) {
            rowOf = Arrays.copyOf(rowOf, size * 2);
            reservationHigh = Arrays.copyOf(reservationHigh, size * 2);
            reservationLow = Arrays.copyOf(reservationLow, size * 2);
            paymentHigh = Arrays.copyOf(paymentHigh, size * 2);
            paymentLow = Arrays.copyOf(paymentLow, size * 2);
            redeemedNanos = Arrays.copyOf(redeemedNanos, size * 2);
        }
    }

    /** In the order of the rows, so that equal states are equal bytes, whichever way they came about. */
    void write(DataOutput out) throws IOException {
        out.writeInt(size);
        for (int row = 0; row < placeOf.length; row++) {
            int place = place(row);
            if (place >= 0) {
                out.writeInt(row);
                out.writeLong(reservationHigh[place]);
                out.writeLong(reservationLow[place]);
                out.writeLong(paymentHigh[place]);
                out.writeLong(paymentLow[place]);
                out.writeLong(redeemedNanos[place]);
            }
        }
    }

    /**
     * @param rows how many coupons there are
     */
    static RedemptionTable read(DataInput in, int rows) throws IOException {
        RedemptionTable table = new RedemptionTable();
        int count = in.readInt();
        for (int number = 0; number < count; number++) {
            int row = in.readInt();
            if (row < 0 || row >= rows || table.place(row) >= 0) {
                throw new IOException("A coupon is redeemed twice, or is not there");
            }
            table.put(
                    row,
                    new Redemption(
                            new ReservationId(new UUID(in.readLong(), in.readLong())),
                            new PaymentId(new UUID(in.readLong(), in.readLong())),
                            EpochNanos.instant(in.readLong())));
        }
        return table;
    }
}
