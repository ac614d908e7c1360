package dev.onsale.query.wallet;

import dev.onsale.api.wallet.WalletEvent;
import dev.onsale.query.readmodel.Fact;
import dev.onsale.query.readmodel.Keys;
import dev.onsale.query.readmodel.ReadModel;
import dev.onsale.query.readmodel.ReadModelName;
import dev.onsale.query.readmodel.Rows;
import dev.onsale.query.readmodel.Table;
import java.util.List;
import org.springframework.stereotype.Component;

/** What moved in wallets: each fact is a line of the statement, and says the balance itself, so no row is read back. */
@Component
class WalletReadModel extends ReadModel<WalletEvent> {

    private static final Table<EntryKey, EntryRow> ENTRIES =
            Table.of(EntryRow.class, EntryRow::key, EntryKey::buyerId, EntryKey::position);
    private static final Table<BalanceKey, BalanceRow> BALANCES =
            Table.of(BalanceRow.class, BalanceRow::key, BalanceKey::buyerId, BalanceKey::currency);

    WalletReadModel() {
        super(ReadModelName.WALLETS, List.of(WalletEvent.class), ENTRIES, BALANCES);
    }

    @Override
    protected void keys(WalletEvent event, Keys keys) {}

    @Override
    protected void fold(Fact<WalletEvent> fact, Rows rows) {
        EntryRow entry = new EntryRow(fact.event(), fact.position());
        rows.changed(ENTRIES, entry.key(), entry);
        BalanceRow balance = new BalanceRow(fact.event(), fact.position());
        BalanceRow known = rows.findOrAdd(BALANCES, balance.key(), unknown -> balance);
        if (known != null && known.takes(balance)) {
            rows.changed(BALANCES, known.key(), known);
        }
        rows.outcomes().applied(fact);
    }
}
