package dev.onsale.api.view;

/** Whether a coupon can be used. */
public enum CouponStatus {
    ISSUED,
    REDEEMED,
    /** An operator took it back. */
    REVOKED
}
