package dev.onsale.waitingroom.admission;

import dev.onsale.api.BuyerId;
import java.util.concurrent.CompletionStage;

/**
 * Admitted buyers of a sale. Both methods fail with a {@link dev.onsale.api.RefusedException} of {@code
 * TEMPORARILY_UNAVAILABLE} if Redis does not answer in time, and throw {@link dev.onsale.api.InvalidValueException} for
 * an invalid sale id.
 */
public interface Admissions {

    /** Whether the buyer has used an admission token and still has the place. False for a sale without a room. */
    CompletionStage<Boolean> isActive(String saleId, BuyerId buyer);

    /** Frees the buyer's place. May be repeated; without effect for a sale without a room. */
    CompletionStage<Void> leave(String saleId, BuyerId buyer);
}
