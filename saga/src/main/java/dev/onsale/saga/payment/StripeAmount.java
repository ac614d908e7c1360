package dev.onsale.saga.payment;

import dev.onsale.api.InvalidValueException;
import dev.onsale.api.Money;
import java.util.Currency;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Amounts in the units of Stripe, which are not always the minor units of ISO 4217 (docs.stripe.com/currencies): Stripe counts whole
 * units of some currencies that ISO divides (MGA), and hundredths of some that ISO does not (ISK, UGX). In currencies with three
 * digits the last one must be 0.
 */
final class StripeAmount {

    private static final Set<String> ZERO_DECIMAL = Set.of(
            "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF");

    private static final Set<String> THREE_DECIMAL = Set.of("BHD", "JOD", "KWD", "OMR", "TND");

    private StripeAmount() {}

    /** Nothing if Stripe cannot move exactly this amount. */
    static OptionalLong of(Money money) {
        Currency currency = money.currency();
        long amount = shifted(money.minorUnits(), digits(currency) - currency.getDefaultFractionDigits());
        boolean isExact = shifted(amount, currency.getDefaultFractionDigits() - digits(currency)) == money.minorUnits();
        boolean isAllowed = !THREE_DECIMAL.contains(currency.getCurrencyCode()) || amount % 10 == 0;
        return isExact && isAllowed ? OptionalLong.of(amount) : OptionalLong.empty();
    }

    /**
     * @throws InvalidValueException if there is no such currency or the amount is out of range
     */
    static Money toMoney(long amount, String code) {
        Money unit = Money.of(0, code.toUpperCase(Locale.ROOT));
        int shift = unit.currency().getDefaultFractionDigits() - digits(unit.currency());
        return new Money(shifted(amount, shift), unit.currency());
    }

    private static int digits(Currency currency) {
        String code = currency.getCurrencyCode();
        if (ZERO_DECIMAL.contains(code)) {
            return 0;
        }
        return THREE_DECIMAL.contains(code) ? 3 : 2;
    }

    private static long shifted(long amount, int digits) {
        long shifted = amount;
        for (int i = 0; i < digits; i++) {
            shifted = Math.multiplyExact(shifted, 10);
        }
        for (int i = 0; i > digits; i--) {
            shifted /= 10;
        }
        return shifted;
    }
}
