package dev.onsale.query.wallet;

import dev.onsale.api.Money;
import dev.onsale.api.wallet.WalletEvent;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;

/** The points of one buyer in one currency. */
@Entity
@Immutable
@IdClass(BalanceKey.class)
@Table(name = "wallet_view")
class BalanceRow {

    @Id
    private String buyerId;

    @Id
    private String currency;

    private long balanceMinorUnits;

    @Column(name = "log_position")
    private long position;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields.
    protected BalanceRow() {}

    BalanceRow(WalletEvent event, long position) {
        buyerId = event.buyerId().toString();
        currency = event.balance().currency().getCurrencyCode();
        balanceMinorUnits = event.balance().minorUnits();
        this.position = position;
    }

    /** Takes the balance after another fact, unless this one is newer. */
    boolean takes(BalanceRow other) {
        if (other.position < position) {
            return false;
        }
        balanceMinorUnits = other.balanceMinorUnits;
        position = other.position;
        return true;
    }

    BalanceKey key() {
        return new BalanceKey(buyerId, currency);
    }

    Money amount() {
        return Money.of(balanceMinorUnits, currency);
    }

    long position() {
        return position;
    }
}
