package dev.onsale.api.view;

/** Whether a campaign issues coupons at the moment of the answer. */
public enum CampaignStatus {
    /** The window has not begun. */
    NOT_OPEN,
    OPEN,
    /** Every coupon was issued. */
    SOLD_OUT,
    /** The window is over or an operator closed the campaign. */
    CLOSED
}
