package dev.onsale.command.coupon;

import dev.onsale.api.OperatorAction;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.coupon.CampaignChange;
import dev.onsale.api.coupon.CampaignDiscountChanged;
import dev.onsale.api.coupon.CampaignExhausted;
import dev.onsale.api.coupon.CampaignLaunched;
import dev.onsale.api.coupon.CampaignQuantityChanged;
import dev.onsale.api.coupon.CampaignTerms;
import dev.onsale.api.coupon.CampaignWindowChanged;
import dev.onsale.api.coupon.CouponEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides what a change of a campaign's terms comes to: a fact for each thing that becomes different. */
final class CampaignChanges {

    private static final int DISCOUNTS_MAX = 1_000;

    private CampaignChanges() {}

    /**
     * The facts, none if everything is so already.
     *
     * @throws RefusedException with {@code INVALID_REQUEST}, {@code INVALID_WINDOW} or {@code QUANTITY_BELOW_ISSUED}
     */
    static List<CouponEvent> decide(
            CampaignTerms terms, int issued, CampaignChange change, OperatorAction by, Instant now) {
        CampaignLaunched before = terms.current();
        List<CouponEvent> facts = new ArrayList<>();
        window(before, change, by, now, facts);
        if (change.discount() != null && !change.discount().equals(before.discount())) {
            RefusedException.require(
                    terms.discounts().size() < DISCOUNTS_MAX,
                    RefusalCode.INVALID_REQUEST,
                    "A campaign has at most " + DISCOUNTS_MAX + " discounts");
            facts.add(new CampaignDiscountChanged(
                    before.campaignId(), change.discount(), issued + 1, by.operator(), by.reason(), now));
        }
        quantity(before, issued, change.quantity(), by, now, facts);
        return facts;
    }

    private static void window(
            CampaignLaunched before, CampaignChange change, OperatorAction by, Instant now, List<CouponEvent> facts) {
        Instant opensAt = future(change.opensAt(), before.opensAt(), "opensAt", now);
        Instant closesAt = future(change.closesAt(), before.closesAt(), "closesAt", now);
        if (opensAt.equals(before.opensAt()) && closesAt.equals(before.closesAt())) {
            return;
        }
        RefusedException.require(
                opensAt.equals(before.opensAt()) || now.isBefore(before.opensAt()),
                RefusalCode.INVALID_WINDOW,
                "The campaign has opened at " + before.opensAt());
        RefusedException.require(
                opensAt.isBefore(closesAt), RefusalCode.INVALID_WINDOW, "The campaign closes at or before it opens");
        facts.add(new CampaignWindowChanged(before.campaignId(), opensAt, closesAt, by.operator(), by.reason(), now));
    }

    private static Instant future(@Nullable Instant wanted, Instant sofar, String name, Instant now) {
        if (wanted == null || wanted.equals(sofar)) {
            return sofar;
        }
        RefusedException.require(
                wanted.isAfter(now), RefusalCode.INVALID_WINDOW, name + " is in the past: it is " + now);
        return wanted;
    }

    private static void quantity(
            CampaignLaunched before,
            int issued,
            @Nullable Integer quantity,
            OperatorAction by,
            Instant now,
            List<CouponEvent> facts) {
        if (quantity == null) {
            return;
        }
        RefusedException.require(
                quantity >= 1 && quantity <= Campaign.QUANTITY_MAX,
                RefusalCode.INVALID_REQUEST,
                "quantity is 1 to " + Campaign.QUANTITY_MAX);
        RefusedException.require(
                quantity >= issued,
                RefusalCode.QUANTITY_BELOW_ISSUED,
                issued + " coupons are issued, so the quantity cannot be " + quantity);
        if (quantity != before.quantity()) {
            facts.add(new CampaignQuantityChanged(before.campaignId(), quantity, by.operator(), by.reason(), now));
            if (quantity == issued) {
                facts.add(new CampaignExhausted(before.campaignId(), quantity, now));
            }
        }
    }
}
