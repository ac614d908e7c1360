package dev.onsale.api.wallet;

import dev.onsale.api.BuyerId;
import dev.onsale.api.ChargeId;
import dev.onsale.api.Money;
import dev.onsale.api.OnsaleCommand;

/**
 * Adds points to a wallet. Answered with {@link PointsCharged}; a repeat with the same id is answered like the first. Refused with
 * {@code INVALID_REQUEST} for nothing, {@code WALLET_FULL}, {@code IDEMPOTENCY_KEY_REUSED}.
 *
 * @param buyerId whose wallet
 * @param chargeId the new charge
 * @param amount how much, more than nothing
 */
public record ChargePoints(BuyerId buyerId, ChargeId chargeId, Money amount) implements OnsaleCommand {
    @Override
    public String routingKey() {
        return buyerId.toString();
    }
}
