package dev.onsale.api.allowance;

import dev.onsale.api.BuyerId;
import dev.onsale.api.LogicalType;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import java.time.Instant;

/** A reservation took {@code seats} of the buyer's allowance; {@code seatsInUse} is the sum after it. */
@LogicalType("onsale.allowance-used")
public record AllowanceUsed(
        PerformanceId performanceId,
        BuyerId buyerId,
        ReservationId reservationId,
        int seats,
        int seatsInUse,
        Instant usedAt)
        implements AllowanceEvent {}
