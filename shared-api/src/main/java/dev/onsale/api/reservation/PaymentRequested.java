package dev.onsale.api.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.LogicalType;
import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.api.personal.SealedText;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The buyer asked to pay. Until the outcome is known, at the latest {@code payBefore}, the hold does not expire.
 *
 * @param method how; the token of a card is withheld, except in facts that were written before tokens were sealed
 * @param cardToken the token of the card, for the step that sends it to the gateway; absent for other methods and in old facts
 * @param contact {@link dev.onsale.api.personal.ContactDetails} as JSON; absent if the buyer gave none
 */
@LogicalType("onsale.payment-requested")
public record PaymentRequested(
        ReservationId reservationId,
        PerformanceId performanceId,
        BuyerId buyerId,
        PaymentId paymentId,
        Money amount,
        PaymentMethod method,
        Instant payBefore,
        Instant requestedAt,
        @Nullable SealedText cardToken,
        @Nullable SealedText contact)
        implements ReservationEvent {

    /** Without personal data. */
    public PaymentRequested(
            ReservationId reservationId,
            PerformanceId performanceId,
            BuyerId buyerId,
            PaymentId paymentId,
            Money amount,
            PaymentMethod method,
            Instant payBefore,
            Instant requestedAt) {
        this(reservationId, performanceId, buyerId, paymentId, amount, method, payBefore, requestedAt, null, null);
    }

    /** Without the card token that an old event has in plain text. */
    public PaymentRequested told() {
        return new PaymentRequested(
                reservationId,
                performanceId,
                buyerId,
                paymentId,
                amount,
                method.masked(),
                payBefore,
                requestedAt,
                cardToken,
                contact);
    }
}
