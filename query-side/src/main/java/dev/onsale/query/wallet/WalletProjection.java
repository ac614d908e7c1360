package dev.onsale.query.wallet;

import dev.onsale.api.PaymentId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.view.WalletEntryView.Kind;
import dev.onsale.api.wallet.PointsCharged;
import dev.onsale.api.wallet.PointsDebited;
import dev.onsale.api.wallet.PointsRefunded;
import dev.onsale.api.wallet.WalletEvent;
import dev.onsale.query.consumption.ConsumptionOutcomes;
import dev.onsale.query.consumption.Fact;
import dev.onsale.query.consumption.Facts;
import dev.onsale.query.consumption.GuardedUpsert;
import dev.onsale.query.consumption.Projection;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.stereotype.Component;

/** Writes down what moved in wallets: each fact is a line of the statement, and says the balance itself. */
@Component
class WalletProjection implements Projection {

    static final String BALANCE_TABLE = "wallet_view";
    static final String ENTRY_TABLE = "wallet_entry";

    static final GuardedUpsert<Fact<WalletEvent>> BALANCES = new GuardedUpsert<>(
            BALANCE_TABLE,
            "log_position",
            List.of("buyer_id", "currency", "balance_minor_units"),
            fact -> new Object[] {
                fact.event().buyerId().toString(),
                fact.event().balance().currency().getCurrencyCode(),
                fact.event().balance().minorUnits(),
                fact.position()
            });

    static final GuardedUpsert<Fact<WalletEvent>> ENTRIES = new GuardedUpsert<>(
            ENTRY_TABLE,
            "log_position",
            List.of(
                    "buyer_id",
                    "kind",
                    "amount_minor_units",
                    "balance_minor_units",
                    "currency",
                    "payment_id",
                    "reservation_id",
                    "moved_at"),
            WalletProjection::entry);

    private final JdbcOperations jdbc;

    WalletProjection(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void apply(Facts facts, ConsumptionOutcomes outcomes) {
        List<Fact<WalletEvent>> batch = facts.of(WalletEvent.class);
        ENTRIES.write(jdbc, batch);
        BALANCES.write(jdbc, batch);
        batch.forEach(outcomes::applied);
    }

    private static @Nullable Object[] entry(Fact<WalletEvent> fact) {
        WalletEvent event = fact.event();
        Kind kind;
        PaymentId payment = null;
        ReservationId reservation = null;
        Instant at;
        switch (event) {
            case PointsCharged charged -> {
                kind = Kind.CHARGED;
                at = charged.chargedAt();
            }
            case PointsDebited debited -> {
                kind = Kind.DEBITED;
                payment = debited.paymentId();
                reservation = debited.reservationId();
                at = debited.debitedAt();
            }
            case PointsRefunded refunded -> {
                kind = Kind.REFUNDED;
                payment = refunded.paymentId();
                reservation = refunded.reservationId();
                at = refunded.refundedAt();
            }
        }
        return new @Nullable Object[] {
            event.buyerId().toString(),
            kind.name(),
            event.amount().minorUnits(),
            event.balance().minorUnits(),
            event.amount().currency().getCurrencyCode(),
            payment == null ? null : payment.toString(),
            reservation == null ? null : reservation.toString(),
            at.toString(),
            fact.position()
        };
    }
}
