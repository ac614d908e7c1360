package dev.onsale.api.view;

import dev.onsale.api.Money;
import java.util.List;

/**
 * A buyer's points.
 *
 * @param balances one amount per currency, none below zero
 * @param statement what moved, the newest first
 */
public record WalletView(List<Money> balances, Page<WalletEntryView> statement) {

    public WalletView {
        balances = List.copyOf(balances);
    }
}
