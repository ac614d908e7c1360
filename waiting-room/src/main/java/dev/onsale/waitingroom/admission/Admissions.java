package dev.onsale.waitingroom.admission;

import dev.onsale.api.BuyerId;
import java.util.concurrent.CompletionStage;

/**
 * Who is at the counter of a sale, for those who sell there. Both stages fail with a
 * {@link dev.onsale.api.RefusedException} of {@code TEMPORARILY_UNAVAILABLE} if the room cannot be reached in time, and
 * with {@link dev.onsale.api.InvalidValueException} thrown at once if the sale id has no valid form.
 */
public interface Admissions {

    /**
     * Whether the buyer has consumed an admission token and the place has not ended since. False also where the sale has
     * no room: nobody was ever admitted to it.
     */
    CompletionStage<Boolean> isActive(String saleId, BuyerId buyer);

    /** Gives the buyer's place to the next in the queue. Repeats, and leaving a sale without a room, change nothing. */
    CompletionStage<Void> leave(String saleId, BuyerId buyer);
}
