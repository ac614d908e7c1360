package dev.onsale.proof.invariant;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.coupon.CampaignClosed;
import dev.onsale.api.coupon.CampaignDiscountChanged;
import dev.onsale.api.coupon.CampaignExhausted;
import dev.onsale.api.coupon.CampaignLaunched;
import dev.onsale.api.coupon.CampaignQuantityChanged;
import dev.onsale.api.coupon.CampaignWindowChanged;
import dev.onsale.api.coupon.CouponEvent;
import dev.onsale.api.coupon.CouponIssued;
import dev.onsale.api.coupon.CouponRedeemed;
import dev.onsale.api.coupon.CouponRestored;
import dev.onsale.api.coupon.CouponRevoked;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Folds the campaign events: which coupons each campaign has issued. */
final class CampaignFold {

    private static final class Folded {
        @Nullable
        CampaignLaunched launched;

        long quantity;
        final Set<CouponId> revoked = new HashSet<>();

        long issued;
        final Map<BuyerId, Integer> couponsOf = new HashMap<>();
        final Map<CouponId, CouponRedeemed> redeemedFor = new HashMap<>();
    }

    private final Findings findings;
    private final Map<CampaignId, Folded> campaigns = new LinkedHashMap<>();
    private final Map<CouponId, CouponIssued> coupons = new LinkedHashMap<>();

    CampaignFold(Findings findings) {
        this.findings = findings;
    }

    void on(long position, CouponEvent event) {
        Folded folded = campaigns.computeIfAbsent(event.campaignId(), id -> new Folded());
        switch (event) {
            case CampaignLaunched launched -> {
                folded.launched = launched;
                folded.quantity = launched.quantity();
            }
            case CampaignQuantityChanged change -> {
                folded.quantity = change.quantity();
                if (folded.issued > folded.quantity) {
                    findings.add(
                            Invariant.NO_OVER_ISSUE,
                            "The quantity becomes " + folded.quantity + " after " + folded.issued
                                    + " coupons, at position " + position);
                }
            }
            case CampaignWindowChanged change -> {}
            case CampaignDiscountChanged change -> {}
            case CouponRevoked revoked -> {
                requireOwner(position, revoked.couponId(), revoked.buyerId());
                if (folded.redeemedFor.containsKey(revoked.couponId()) || !folded.revoked.add(revoked.couponId())) {
                    used(position, revoked.couponId(), "is revoked while it is in use, or twice");
                }
            }
            case CouponIssued issued -> on(position, folded, issued);
            case CouponRedeemed redeemed -> {
                requireOwner(position, redeemed.couponId(), redeemed.buyerId());
                if (folded.revoked.contains(redeemed.couponId())) {
                    used(position, redeemed.couponId(), "is redeemed after it was revoked");
                }
                CouponRedeemed earlier = folded.redeemedFor.put(redeemed.couponId(), redeemed);
                if (earlier != null) {
                    used(
                            position,
                            redeemed.couponId(),
                            "is redeemed for " + redeemed.reservationId() + " while it is for "
                                    + earlier.reservationId());
                }
            }
            case CouponRestored restored -> {
                CouponRedeemed use = folded.redeemedFor.get(restored.couponId());
                if (use != null && use.paymentId().equals(restored.paymentId())) {
                    folded.redeemedFor.remove(restored.couponId());
                } else {
                    used(
                            position,
                            restored.couponId(),
                            "comes back from " + restored.reservationId() + ", which did not redeem it");
                }
            }
            case CampaignExhausted exhausted -> {
                if (folded.issued != exhausted.quantity()) {
                    findings.add(
                            Invariant.RANKS_WITHOUT_HOLES,
                            "The campaign says it is exhausted after " + folded.issued + " of " + exhausted.quantity()
                                    + " coupons, at position " + position);
                }
            }
            case CampaignClosed closed -> {}
        }
    }

    private void on(long position, Folded folded, CouponIssued issued) {
        folded.issued++;
        CampaignLaunched campaign = folded.launched;
        if (issued.rank() != folded.issued) {
            findings.add(
                    Invariant.RANKS_WITHOUT_HOLES,
                    "The coupon at position " + position + " has rank " + issued.rank() + " and is number "
                            + folded.issued);
        }
        if (coupons.put(issued.couponId(), issued) != null) {
            used(position, issued.couponId(), "is issued twice");
        }
        int has = folded.couponsOf.merge(issued.buyerId(), 1, Integer::sum);
        if (campaign == null) {
            findings.add(
                    Invariant.LOG_IN_ORDER,
                    "A coupon is issued before its campaign is launched, at position " + position);
            return;
        }
        if (has > campaign.maxCouponsPerBuyer()) {
            findings.add(
                    Invariant.ONE_COUPON_PER_PERSON,
                    issued.buyerId() + " has " + has + " coupons, allowed are " + campaign.maxCouponsPerBuyer()
                            + ", at position " + position);
        }
        if (folded.issued > folded.quantity) {
            findings.add(
                    Invariant.NO_OVER_ISSUE,
                    "Coupon number " + folded.issued + " of " + folded.quantity + " is issued to " + issued.buyerId()
                            + ", at position " + position);
        }
    }

    /** At the end of a complete log, a coupon is redeemed if and only if the payment that it reduced is kept. */
    void compareWith(PaymentFold payments) {
        for (Folded folded : campaigns.values()) {
            folded.redeemedFor.forEach((coupon, use) -> {
                if (payments.isKnown(use.paymentId()) && !payments.isKept(use.paymentId())) {
                    findings.add(
                            Invariant.COUPON_USED_ONCE,
                            "Coupon " + coupon + " stays redeemed for payment " + use.paymentId()
                                    + ", which is not kept");
                }
            });
        }
    }

    private void requireOwner(long position, CouponId coupon, BuyerId buyer) {
        CouponIssued issued = coupons.get(coupon);
        if (issued == null || !issued.buyerId().equals(buyer)) {
            used(position, coupon, "is redeemed by " + buyer + ", who does not own it");
        }
    }

    private void used(long position, CouponId coupon, String what) {
        findings.add(Invariant.COUPON_USED_ONCE, "Coupon " + coupon + " " + what + ", at position " + position);
    }

    Collection<CouponIssued> coupons() {
        return Collections.unmodifiableCollection(coupons.values());
    }

    @Nullable
    CouponIssued coupon(CouponId id) {
        return coupons.get(id);
    }

    long issued() {
        return campaigns.values().stream().mapToLong(folded -> folded.issued).sum();
    }

    /** Number of coupons issued beyond the quantities of their campaigns. */
    long overIssue() {
        long over = 0;
        for (Folded folded : campaigns.values()) {
            over += folded.launched == null ? 0 : Math.max(0, folded.issued - folded.quantity);
        }
        return over;
    }
}
