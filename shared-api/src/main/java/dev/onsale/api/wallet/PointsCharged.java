package dev.onsale.api.wallet;

import dev.onsale.api.BuyerId;
import dev.onsale.api.ChargeId;
import dev.onsale.api.LogicalType;
import dev.onsale.api.Money;
import java.time.Instant;

/** Points were added to the wallet. */
@LogicalType("onsale.points-charged")
public record PointsCharged(BuyerId buyerId, ChargeId chargeId, Money amount, Money balance, Instant chargedAt)
        implements WalletEvent {}
