package dev.onsale.api.wallet;

import dev.onsale.api.BuyerId;
import dev.onsale.api.Money;
import dev.onsale.api.OnsaleEvent;

/** A fact of one buyer's wallet. */
public sealed interface WalletEvent extends OnsaleEvent
        permits PointsCharged, PointsDebited, PointsRefunded, PointsPartlyRefunded {

    BuyerId buyerId();

    /** How much moved. */
    Money amount();

    /** What the wallet holds of this currency afterwards. */
    Money balance();

    @Override
    default String saleKey() {
        return buyerId().toString();
    }
}
