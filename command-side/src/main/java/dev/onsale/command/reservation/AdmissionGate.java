package dev.onsale.command.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The waiting room, as the command side needs it. The host application implements it. */
public interface AdmissionGate {

    /** Whether the buyer has been admitted to the sale and has entered; fails if the waiting room is away. */
    CompletionStage<Boolean> isInside(PerformanceId sale, BuyerId buyer);

    /**
     * Tells the waiting room that the buyer holds seats until an instant, so that the buyer's place lasts as long. The same
     * hold may be told again, here or through Kafka, in any order with its end.
     */
    default CompletionStage<Void> held(
            PerformanceId sale, BuyerId buyer, ReservationId reservation, Instant heldUntil) {
        return CompletableFuture.completedStage(null);
    }
}
