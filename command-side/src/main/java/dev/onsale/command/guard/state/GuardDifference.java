package dev.onsale.command.guard.state;

import java.util.Locale;

/** How a guard differs from the store. */
public enum GuardDifference {
    /** The guard knows nothing of a seat, or not its newest facts although they are old. */
    SEAT_BEHIND,
    /** The guard has facts of a seat that the store does not have. */
    SEAT_AHEAD,
    /** The guard says something else than the very fact it names, or would hand out an old token again. */
    SEAT_WRONG,
    /** A claim on a seat that has lapsed, or that no command can stand behind. */
    SEAT_CLAIM_ORPHANED,
    /** A field that no script wrote, or of a seat that the plan does not have. */
    FIELD_UNREADABLE,
    /** A buyer's count without the newest facts although they are old. */
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
