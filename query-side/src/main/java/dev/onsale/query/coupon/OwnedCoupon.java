package dev.onsale.query.coupon;

import dev.onsale.api.view.CouponView;

/** A coupon with its campaign, in one query. */
record OwnedCoupon(CouponRow coupon, CampaignRow campaign) {

    CouponView view() {
        return coupon.view(campaign);
    }
}
