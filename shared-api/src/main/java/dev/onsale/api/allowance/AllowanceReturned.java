package dev.onsale.api.allowance;

import dev.onsale.api.BuyerId;
import dev.onsale.api.LogicalType;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import java.time.Instant;

/** A reservation gave {@code seats} back; {@code seatsInUse} is the sum after it. */
@LogicalType("onsale.allowance-returned")
public record AllowanceReturned(
        PerformanceId performanceId,
        BuyerId buyerId,
        ReservationId reservationId,
        int seats,
        int seatsInUse,
        Instant returnedAt)
        implements AllowanceEvent {}
