package dev.onsale.command.guard.state;

import java.util.Locale;

/** A kind of difference between a guard and the event store. */
public enum GuardDifference {
    /** The guard has no entry for a seat, or lacks events that it should have by now. */
    SEAT_BEHIND,
    /** The guard has events of a seat that the store does not have. */
    SEAT_AHEAD,
    /** The entry contradicts the event that it names, or would issue an old token again. */
    SEAT_WRONG,
    /** A claim on a seat that has expired, or that no running command can have made. */
    SEAT_CLAIM_ORPHANED,
    /** A field that no script writes, or of a seat that is not in the plan. */
    FIELD_UNREADABLE,
    /** A buyer's count that lacks events that it should have by now. */
    BUYER_BEHIND,
    BUYER_AHEAD,
    BUYER_WRONG,
    BUYER_CLAIM_ORPHANED,
    /** A coupon of the store that the guard does not have, or has under another rank. */
    COUPON_MISSING,
    /** A coupon of the guard that the store does not have. */
    COUPON_UNKNOWN,
    COUPON_CLAIM_ORPHANED,
    /** A buyer's number of coupons is another than the store's and the claims under way make it. */
    COUPON_COUNT_WRONG,
    /** The guard carries another quantity or limit than the campaign. */
    CAMPAIGN_TERMS_WRONG;

    public String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}
