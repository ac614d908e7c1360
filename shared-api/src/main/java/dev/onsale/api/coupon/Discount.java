package dev.onsale.api.coupon;

import dev.onsale.api.InvalidValueException;
import dev.onsale.api.Money;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import org.jspecify.annotations.Nullable;

/**
 * What a coupon takes off a price: either a percentage or a fixed amount, never both.
 *
 * @param percentOff 1 to 100, rounded down to the minor unit in the buyer's disfavour by at most one unit
 * @param amountOff a fixed amount, at most the price itself
 * @param minimumSpend the least total for which the coupon can be redeemed; absent for none
 */
public record Discount(
        @Nullable Integer percentOff,
        @Nullable Money amountOff,
        @Nullable Money minimumSpend) {

    private static final int PERCENT = 100;

    public Discount {
        if ((percentOff == null) == (amountOff == null)) {
            throw new InvalidValueException("A discount has either percentOff or amountOff");
        }
        if (percentOff != null && (percentOff < 1 || percentOff > PERCENT)) {
            throw new InvalidValueException("percentOff is 1 to 100");
        }
    }

    /**
     * What it takes off a price, in the price's currency, at most the price.
     *
     * @throws RefusedException with {@code COUPON_NOT_APPLICABLE} if the price is below the minimum or of another currency
     */
    public Money off(Money price) {
        if (minimumSpend != null) {
            requireCurrency(minimumSpend, price);
            if (price.minorUnits() < minimumSpend.minorUnits()) {
                throw new RefusedException(
                        RefusalCode.COUPON_NOT_APPLICABLE, "The coupon is for " + minimumSpend + " and more");
            }
        }
        if (percentOff != null) {
            return new Money(price.minorUnits() * percentOff / PERCENT, price.currency());
        }
        Money fixed = java.util.Objects.requireNonNull(amountOff, "a discount has one of both");
        requireCurrency(fixed, price);
        return new Money(Math.min(fixed.minorUnits(), price.minorUnits()), price.currency());
    }

    private static void requireCurrency(Money own, Money price) {
        if (!own.currency().equals(price.currency())) {
            throw new RefusedException(
                    RefusalCode.COUPON_NOT_APPLICABLE, "The coupon is for prices in " + own.currency());
        }
    }
}
