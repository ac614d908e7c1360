package dev.onsale.api.wallet;

import dev.onsale.api.BuyerId;
import dev.onsale.api.LogicalType;
import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.ReservationId;
import java.time.Instant;

/** The points of a payment came back: all of them that had not come back in parts. */
@LogicalType("onsale.points-refunded")
public record PointsRefunded(
        BuyerId buyerId,
        PaymentId paymentId,
        ReservationId reservationId,
        Money amount,
        Money balance,
        Instant refundedAt)
        implements WalletEvent {}
