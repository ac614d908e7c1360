package dev.onsale.saga.reservation;

import dev.onsale.api.PaymentId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.coupon.RedeemCoupon;
import dev.onsale.api.coupon.RestoreCoupon;
import dev.onsale.saga.reservation.CheckoutStep.Authorize;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Redeems the coupon of a payment before money moves, and brings it back after the money is back. */
@Component
class CouponRedemption {

    /** Refusals that stay: the payment comes to nothing by them. */
    private static final Set<RefusalCode> FINAL = EnumSet.of(
            RefusalCode.COUPON_REDEEMED,
            RefusalCode.COUPON_REVOKED,
            RefusalCode.COUPON_NOT_FOUND,
            RefusalCode.CAMPAIGN_NOT_FOUND,
            RefusalCode.PAYMENT_STATE_CONFLICT);

    private final CommandDispatcher commands;

    CouponRedemption(CommandDispatcher commands) {
        this.commands = commands;
    }

    /** Why the coupon cannot be redeemed; nothing if it is, now or before. */
    Optional<String> redeem(Authorize step) throws InterruptedException {
        UsedCoupon coupon = step.coupon();
        if (coupon == null) {
            return Optional.empty();
        }
        try {
            commands.send(new RedeemCoupon(
                    coupon.campaignId(), coupon.couponId(), step.buyerId(), step.reservationId(), step.paymentId()));
            return Optional.empty();
        } catch (RefusedException refused) {
            if (FINAL.contains(refused.code())) {
                return Optional.of(refused.code().name());
            }
            throw refused;
        }
    }

    void restore(PaymentId payment, @Nullable UsedCoupon coupon) throws InterruptedException {
        if (coupon == null) {
            return;
        }
        try {
            commands.send(new RestoreCoupon(coupon.campaignId(), coupon.couponId(), payment));
        } catch (RefusedException refused) {
            // There never was such a coupon, so there is none to restore.
            if (!FINAL.contains(refused.code())) {
                throw refused;
            }
        }
    }
}
