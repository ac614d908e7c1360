package dev.onsale.api.view;

import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.ReservationId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of a statement.
 *
 * @param amount how much moved
 * @param balance what the wallet held afterwards, in the same currency
 * @param paymentId what it was for; absent for a charge
 * @param reservationId what was paid for; absent for a charge
 */
public record WalletEntryView(
        Kind kind,
        Money amount,
        Money balance,
        @Nullable PaymentId paymentId,
        @Nullable ReservationId reservationId,
        Instant at) {

    /** Which way points went. */
    public enum Kind {
        CHARGED,
        DEBITED,
        REFUNDED
    }
}
