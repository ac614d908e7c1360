package dev.onsale.api.coupon;

import java.util.ArrayList;
import java.util.List;

/**
 * The terms of a campaign as they are after changes.
 *
 * @param current as if the campaign had been launched so; its discount is that of the next coupon
 * @param discounts of the coupons by rank, the first rank first
 * @param revision number of changes so far
 */
public record CampaignTerms(CampaignLaunched current, List<RankedDiscount> discounts, int revision) {

    /**
     * @param fromRank rank of the first coupon with this discount
     */
    public record RankedDiscount(int fromRank, Discount discount) {}

    public CampaignTerms {
        discounts = List.copyOf(discounts);
    }

    public static CampaignTerms of(CampaignLaunched launched) {
        return new CampaignTerms(launched, List.of(new RankedDiscount(1, launched.discount())), 0);
    }

    /** After one more fact. What is no change of terms changes nothing. */
    public CampaignTerms after(CouponEvent event) {
        CampaignLaunched c = current;
        return switch (event) {
            case CampaignLaunched launched -> of(launched);
            case CampaignQuantityChanged change ->
                changed(new CampaignLaunched(
                        c.campaignId(),
                        c.name(),
                        change.quantity(),
                        c.maxCouponsPerBuyer(),
                        c.opensAt(),
                        c.closesAt(),
                        c.discount(),
                        c.launchedAt()));
            case CampaignWindowChanged change ->
                changed(new CampaignLaunched(
                        c.campaignId(),
                        c.name(),
                        c.quantity(),
                        c.maxCouponsPerBuyer(),
                        change.opensAt(),
                        change.closesAt(),
                        c.discount(),
                        c.launchedAt()));
            case CampaignDiscountChanged change -> after(change);
            case CouponIssued unused -> this;
            case CouponRedeemed unused -> this;
            case CouponRestored unused -> this;
            case CouponRevoked unused -> this;
            case CampaignExhausted unused -> this;
            case CampaignClosed unused -> this;
        };
    }

    private CampaignTerms after(CampaignDiscountChanged change) {
        CampaignLaunched c = current;
        return new CampaignTerms(
                new CampaignLaunched(
                        c.campaignId(),
                        c.name(),
                        c.quantity(),
                        c.maxCouponsPerBuyer(),
                        c.opensAt(),
                        c.closesAt(),
                        change.discount(),
                        c.launchedAt()),
                with(discounts, change),
                revision + 1);
    }

    /** The discounts after a change. */
    public static List<RankedDiscount> with(List<RankedDiscount> discounts, CampaignDiscountChanged change) {
        List<RankedDiscount> next = new ArrayList<>(discounts);
        // Between two changes nothing may have been issued.
        next.removeIf(one -> one.fromRank() >= change.fromRank());
        next.add(new RankedDiscount(change.fromRank(), change.discount()));
        return List.copyOf(next);
    }

    private CampaignTerms changed(CampaignLaunched next) {
        return new CampaignTerms(next, discounts, revision + 1);
    }

    /** The discount of the coupon with a rank. */
    public Discount discountOf(int rank) {
        return discountOf(discounts, rank);
    }

    /** As {@link #discountOf(int)}. */
    public static Discount discountOf(List<RankedDiscount> discounts, int rank) {
        Discount found = discounts.getFirst().discount();
        for (RankedDiscount one : discounts) {
            if (one.fromRank() <= rank) {
                found = one.discount();
            }
        }
        return found;
    }
}
