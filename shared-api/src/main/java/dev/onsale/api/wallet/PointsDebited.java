package dev.onsale.api.wallet;

import dev.onsale.api.BuyerId;
import dev.onsale.api.LogicalType;
import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.ReservationId;
import java.time.Instant;

/** Points were taken for a payment. */
@LogicalType("onsale.points-debited")
public record PointsDebited(
        BuyerId buyerId,
        PaymentId paymentId,
        ReservationId reservationId,
        Money amount,
        Money balance,
        Instant debitedAt)
        implements WalletEvent {}
