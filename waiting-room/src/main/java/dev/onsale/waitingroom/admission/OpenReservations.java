package dev.onsale.waitingroom.admission;

import dev.onsale.api.BuyerId;
import dev.onsale.api.ReservationId;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Direct notification of the waiting room by the command side, without Kafka. */
public interface OpenReservations {

    /**
     * Extends the place of a buyer who holds seats by at least {@code remaining} from now. May be repeated; without
     * effect for a sale without a room. Fails with a {@link dev.onsale.api.RefusedException} of {@code
     * TEMPORARILY_UNAVAILABLE} if Redis does not answer in time.
     */
    CompletionStage<Void> held(String saleId, BuyerId buyer, ReservationId reservation, Duration remaining);
}
