package dev.onsale.api.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.Money;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.coupon.CouponTerms;
import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.api.personal.SealedText;
import org.jspecify.annotations.Nullable;

/**
 * Asks to pay for a held reservation. Answered with {@link PaymentRequested}. Refused with {@code RESERVATION_NOT_FOUND} (also for
 * somebody else's), {@code HOLD_EXPIRED}, {@code STALE_FENCING_TOKEN} if a newer hold had one of the seats since,
 * {@code PAYMENT_IN_FLIGHT}, {@code ALREADY_CONFIRMED}, {@code ALREADY_CANCELLED}, {@code COUPON_NOT_APPLICABLE}, {@code AMOUNT_MISMATCH}.
 *
 * @param reservationId which reservation
 * @param performanceId its performance
 * @param buyerId who pays
 * @param paymentId the new payment
 * @param method how; the fact has it without the token of a card
 * @param coupon what reduces the amount; absent for none
 * @param expected what the buyer believes to pay; absent if the buyer did not say
 * @param cardToken the token of the card, sealed; absent for other methods
 * @param contact contact details, sealed; absent if the buyer gave none
 */
public record RequestPayment(
        ReservationId reservationId,
        PerformanceId performanceId,
        BuyerId buyerId,
        PaymentId paymentId,
        PaymentMethod method,
        @Nullable CouponTerms coupon,
        @Nullable Money expected,
        @Nullable SealedText cardToken,
        @Nullable SealedText contact)
        implements OnsaleCommand {

    /** Without a coupon, whatever it costs. */
    public RequestPayment(
            ReservationId reservationId,
            PerformanceId performanceId,
            BuyerId buyerId,
            PaymentId paymentId,
            PaymentMethod method) {
        this(reservationId, performanceId, buyerId, paymentId, method, null, null, null, null);
    }

    @Override
    public String routingKey() {
        return performanceId.toString();
    }
}
