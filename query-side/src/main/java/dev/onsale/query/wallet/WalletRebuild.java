package dev.onsale.query.wallet;

import dev.onsale.api.BuyerId;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.wallet.WalletEvent;
import dev.onsale.query.consumption.Fact;
import dev.onsale.query.consumption.Facts;
import dev.onsale.query.consumption.GuardedUpsert;
import dev.onsale.query.rebuild.Rebuildable;
import dev.onsale.query.rebuild.RowSink;
import dev.onsale.query.rebuild.ShadowTables;
import java.util.ArrayList;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Wallets and statements, built again from their own facts: each says the balance itself, so nothing is read back. */
@Component
class WalletRebuild implements Rebuildable {

    @Override
    public String name() {
        return "wallets";
    }

    @Override
    public List<ReadTable> tables() {
        return List.of(
                new ReadTable(
                        WalletProjection.ENTRY_TABLE,
                        List.of("buyer_id", "log_position"),
                        "log_position",
                        List.of("kind", "amount_minor_units", "balance_minor_units", "currency")),
                new ReadTable(
                        WalletProjection.BALANCE_TABLE,
                        List.of("buyer_id", "currency"),
                        "log_position",
                        List.of("balance_minor_units")));
    }

    @Override
    public List<Class<? extends OnsaleEvent>> facts() {
        return List.of(WalletEvent.class);
    }

    private record Balance(BuyerId buyer, Currency currency) {

        static Balance after(WalletEvent event) {
            return new Balance(event.buyerId(), event.balance().currency());
        }
    }

    @Override
    public Folding begin(ShadowTables beside, boolean fromNothing) {
        GuardedUpsert<Fact<WalletEvent>> entries =
                WalletProjection.ENTRIES.into(beside.table(WalletProjection.ENTRY_TABLE));
        GuardedUpsert<Fact<WalletEvent>> balances =
                WalletProjection.BALANCES.into(beside.table(WalletProjection.BALANCE_TABLE));
        List<Fact<WalletEvent>> waiting = new ArrayList<>();
        Map<Balance, Fact<WalletEvent>> newest = new LinkedHashMap<>();
        return new Folding() {
            @Override
            public void take(Facts facts) {
                for (Fact<WalletEvent> fact : facts.of(WalletEvent.class)) {
                    waiting.add(fact);
                    newest.put(Balance.after(fact.event()), fact);
                }
            }

            @Override
            public int pending() {
                return waiting.size();
            }

            @Override
            public void flush(RowSink sink) {
                sink.write(entries, waiting);
                sink.write(balances, newest.values());
                waiting.clear();
                newest.clear();
            }
        };
    }
}
