package dev.onsale.api.coupon;

import dev.onsale.api.InvalidValueException;
import dev.onsale.api.Money;
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

    public Discount {
        if ((percentOff == null) == (amountOff == null)) {
            throw new InvalidValueException("A discount has either percentOff or amountOff");
        }
        if (percentOff != null && (percentOff < 1 || percentOff > 100)) {
            throw new InvalidValueException("percentOff is 1 to 100");
        }
    }
}
