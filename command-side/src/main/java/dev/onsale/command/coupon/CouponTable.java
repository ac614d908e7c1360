package dev.onsale.command.coupon;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CouponId;
import dev.onsale.api.PaymentId;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The coupons of one campaign in columns, in the order of their issue: a coupon is about 60 bytes and no object, so that a
 * million of them neither fills the heap nor keeps the garbage collector busy.
 */
final class CouponTable {

    static final int ABSENT = UuidTable.ABSENT;

    private static final int ROWS_MIN = 16;

    private UuidTable ids = new UuidTable();
    private long[] issuedNanos = new long[ROWS_MIN];
    private int[] rank = new int[ROWS_MIN];
    private int[] buyer = new int[ROWS_MIN];
    private BuyerTable buyers = new BuyerTable();
    private RedemptionTable redemptions = new RedemptionTable();

    /** Payments that gave a coupon back: a late repeat of one must not use it up again. */
    private UuidTable restoredBy = new UuidTable();

    /** Of the columns; the rows in use and those that growth has left free. */
    long memoryBytes() {
        return ids.memoryBytes()
                + (long) Long.BYTES * issuedNanos.length
                + (long) Integer.BYTES * (rank.length + buyer.length)
                + buyers.memoryBytes()
                + redemptions.memoryBytes()
                + restoredBy.memoryBytes();
    }

    int size() {
        return ids.size();
    }

    /** The coupon's row, or {@link #ABSENT}. */
    int find(CouponId coupon) {
        return ids.find(coupon.value());
    }

    /** Takes the coupon in, once; a row is never removed. */
    void add(CouponId coupon, BuyerId owner, int couponRank, Instant issuedAt) {
        if (ids.add(coupon.value())) {
            fill(ids.size() - 1, buyers.countCoupon(owner), couponRank, EpochNanos.of(issuedAt));
        }
    }

    private void fill(int row, int owner, int couponRank, long issued) {
        if (row == rank.length) {
            issuedNanos = Arrays.copyOf(issuedNanos, row * 2);
            rank = Arrays.copyOf(rank, row * 2);
            buyer = Arrays.copyOf(buyer, row * 2);
        }
        issuedNanos[row] = issued;
        rank[row] = couponRank;
        buyer[row] = owner;
    }

    int couponsOf(BuyerId owner) {
        return buyers.couponsOf(owner);
    }

    BuyerId buyerOf(int row) {
        return buyers.get(buyer[row]);
    }

    boolean belongsTo(int row, BuyerId owner) {
        return buyers.is(buyer[row], owner);
    }

    int rankOf(int row) {
        return rank[row];
    }

    Instant issuedAt(int row) {
        return EpochNanos.instant(issuedNanos[row]);
    }

    RedemptionTable.@Nullable Redemption redemptionOf(int row) {
        return redemptions.get(row);
    }

    void redeem(int row, RedemptionTable.Redemption use) {
        redemptions.put(row, use);
    }

    void restore(int row, PaymentId payment) {
        redemptions.remove(row);
        restoredBy.add(payment.value());
    }

    boolean isRestoredBy(PaymentId payment) {
        return restoredBy.find(payment.value()) != UuidTable.ABSENT;
    }

    void write(DataOutput out) throws IOException {
        buyers.write(out);
        ids.write(out);
        for (int row = 0; row < size(); row++) {
            out.writeLong(issuedNanos[row]);
            out.writeInt(rank[row]);
            out.writeInt(buyer[row]);
        }
        redemptions.write(out);
        restoredBy.write(out);
    }

    static CouponTable read(DataInput in) throws IOException {
        CouponTable table = new CouponTable();
        table.buyers = BuyerTable.read(in);
        table.ids = UuidTable.read(in);
        for (int row = 0; row < table.size(); row++) {
            long issued = in.readLong();
            int couponRank = in.readInt();
            int owner = in.readInt();
            if (owner < 0 || owner >= table.buyers.size()) {
                throw new IOException("The buyer of a coupon is not there");
            }
            table.fill(row, owner, couponRank, issued);
        }
        table.redemptions = RedemptionTable.read(in, table.size());
        table.restoredBy = UuidTable.read(in);
        return table;
    }
}
