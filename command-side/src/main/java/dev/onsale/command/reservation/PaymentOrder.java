package dev.onsale.command.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.api.personal.ContactDetails;
import org.jspecify.annotations.Nullable;

/** The payment that a buyer requests, with personal data in plain text. It does not leave {@link PaymentService}. */
record PaymentOrder(
        ReservationId reservationId,
        BuyerId buyerId,
        PaymentId paymentId,
        PaymentMethod method,
        @Nullable Coupon coupon,
        @Nullable Money expected,
        @Nullable ContactDetails contact) {

    record Coupon(CampaignId campaignId, CouponId couponId) {}
}
