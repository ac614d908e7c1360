package dev.onsale.query.wallet;

import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.view.WalletEntryView;
import dev.onsale.api.view.WalletEntryView.Kind;
import dev.onsale.api.wallet.PointsCharged;
import dev.onsale.api.wallet.PointsDebited;
import dev.onsale.api.wallet.PointsPartlyRefunded;
import dev.onsale.api.wallet.PointsRefunded;
import dev.onsale.api.wallet.WalletEvent;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** One line of a statement: a fact. */
@Entity
@Immutable
@IdClass(EntryKey.class)
@Table(name = "wallet_entry")
class EntryRow {

    @Id
    private String buyerId;

    @Id
    @Column(name = "log_position")
    private long position;

    @Enumerated(EnumType.STRING)
    private Kind kind;

    private long amountMinorUnits;

    private long balanceMinorUnits;

    private String currency;

    private @Nullable String paymentId;
    private @Nullable String reservationId;
    private Instant movedAt;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields.
    protected EntryRow() {}

    EntryRow(WalletEvent event, long position) {
        buyerId = event.buyerId().toString();
        this.position = position;
        amountMinorUnits = event.amount().minorUnits();
        balanceMinorUnits = event.balance().minorUnits();
        currency = event.amount().currency().getCurrencyCode();
        switch (event) {
            case PointsCharged charged -> {
                kind = Kind.CHARGED;
                movedAt = charged.chargedAt();
            }
            case PointsDebited debited -> {
                kind = Kind.DEBITED;
                paymentId = debited.paymentId().toString();
                reservationId = debited.reservationId().toString();
                movedAt = debited.debitedAt();
            }
            case PointsPartlyRefunded part -> {
                kind = Kind.REFUNDED;
                paymentId = part.paymentId().toString();
                reservationId = part.reservationId().toString();
                movedAt = part.refundedAt();
            }
            case PointsRefunded refunded -> {
                kind = Kind.REFUNDED;
                paymentId = refunded.paymentId().toString();
                reservationId = refunded.reservationId().toString();
                movedAt = refunded.refundedAt();
            }
        }
    }

    EntryKey key() {
        return new EntryKey(buyerId, position);
    }

    long position() {
        return position;
    }

    Money balance() {
        return Money.of(balanceMinorUnits, currency);
    }

    WalletEntryView view() {
        return new WalletEntryView(
                kind,
                Money.of(amountMinorUnits, currency),
                balance(),
                paymentId == null ? null : PaymentId.of(paymentId),
                reservationId == null ? null : ReservationId.of(reservationId),
                movedAt);
    }
}
