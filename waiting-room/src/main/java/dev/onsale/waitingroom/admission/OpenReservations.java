package dev.onsale.waitingroom.admission;

import dev.onsale.api.BuyerId;
import dev.onsale.api.ReservationId;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** What those who sell tell the waiting room at once, without Kafka. */
public interface OpenReservations {

    /**
     * The buyer holds seats for that much longer: a place that the buyer has lasts at least as long. Repeats change nothing, and a
     * sale without a room is no failure. Fails with a {@link dev.onsale.api.RefusedException} of
     * {@code TEMPORARILY_UNAVAILABLE} if the room cannot be reached in time.
     */
    CompletionStage<Void> held(String saleId, BuyerId buyer, ReservationId reservation, Duration remaining);
}
