package dev.onsale.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Currency;
import java.util.Objects;

/**
 * An exact amount in the smallest unit of its currency ({@code minorUnits} 4900 with EUR is 49.00 euro). Never negative:
 * a refund is a fact of its own, not a payment below zero.
 *
 * @param minorUnits the amount, 0 to {@value #MINOR_UNITS_MAX}
 * @param currency ISO 4217 code
 */
public record Money(long minorUnits, Currency currency) {

    /** Ten billion units of a two-digit currency: far above any sale, far below an overflow when summed. */
    public static final long MINOR_UNITS_MAX = 1_000_000_000_000L;

    public Money {
        // JSON may leave it out, whatever the type says.
        if (Objects.isNull(currency)) {
            throw new InvalidValueException("An amount has a currency, an ISO 4217 code such as EUR");
        }
        if (minorUnits < 0 || minorUnits > MINOR_UNITS_MAX) {
            throw new InvalidValueException("An amount has 0 to " + MINOR_UNITS_MAX + " minor units");
        }
    }

    /**
     * @throws InvalidValueException if the currency is not an ISO 4217 code or the amount is out of range
     */
    public static Money of(long minorUnits, String currencyCode) {
        try {
            return new Money(minorUnits, Currency.getInstance(currencyCode));
        } catch (IllegalArgumentException e) {
            throw new InvalidValueException("A currency is an ISO 4217 code such as EUR");
        }
    }

    /**
     * @throws InvalidValueException if the currencies differ or the sum is out of range
     */
    public Money plus(Money other) {
        requireSameCurrency(other);
        return new Money(Math.addExact(minorUnits, other.minorUnits), currency);
    }

    /**
     * @throws InvalidValueException if the currencies differ or the result would be negative
     */
    public Money minus(Money other) {
        requireSameCurrency(other);
        return new Money(minorUnits - other.minorUnits, currency);
    }

    @JsonIgnore
    public boolean isZero() {
        return minorUnits == 0;
    }

    private void requireSameCurrency(Money other) {
        if (!currency.equals(other.currency)) {
            throw new InvalidValueException(
                    "Amounts of " + currency + " and " + other.currency + " cannot be combined");
        }
    }

    @Override
    public String toString() {
        return minorUnits + " " + currency.getCurrencyCode() + " minor units";
    }
}
