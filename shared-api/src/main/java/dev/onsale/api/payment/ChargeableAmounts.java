package dev.onsale.api.payment;

import dev.onsale.api.Money;

/** Which amounts the payment gateway can move. A gateway without rules of its own has none of these. */
@FunctionalInterface
public interface ChargeableAmounts {

    boolean canCharge(Money amount);
}
