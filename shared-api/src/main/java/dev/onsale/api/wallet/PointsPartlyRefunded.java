package dev.onsale.api.wallet;

import dev.onsale.api.BuyerId;
import dev.onsale.api.LogicalType;
import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.ReservationId;
import java.time.Instant;

/**
 * Some points of a payment came back, for seats that were cancelled while others stay.
 *
 * @param part number of the part cancellation of the reservation, from 1
 */
@LogicalType("onsale.points-partly-refunded")
public record PointsPartlyRefunded(
        BuyerId buyerId,
        PaymentId paymentId,
        ReservationId reservationId,
        int part,
        Money amount,
        Money balance,
        Instant refundedAt)
        implements WalletEvent {}
