package dev.onsale.query.wallet;

import dev.onsale.api.BuyerId;
import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.view.WalletEntryView;
import dev.onsale.api.view.WalletEntryView.Kind;
import dev.onsale.api.wallet.PointsCharged;
import dev.onsale.api.wallet.PointsDebited;
import dev.onsale.api.wallet.PointsRefunded;
import dev.onsale.api.wallet.WalletEvent;
import dev.onsale.eventlog.StoredEvent;
import dev.onsale.query.past.HistoricalLog;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What moved in a wallet and is not in the read models yet, from the log. */
@Component
class UnprojectedMovements {

    /** As the command side names a wallet's aggregate. */
    private static final String AGGREGATE_PREFIX = "wallet:";

    private final HistoricalLog log;

    UnprojectedMovements(HistoricalLog log) {
        this.log = log;
    }

    /** One movement, with the position of its fact. */
    record Movement(long position, WalletEntryView entry) {}

    /** The newest first. */
    List<Movement> of(BuyerId buyer, long afterPosition) {
        return log.ofAggregateAfter(AGGREGATE_PREFIX + buyer, afterPosition).stream()
                .map(this::movement)
                .toList()
                .reversed();
    }

    private Movement movement(StoredEvent event) {
        WalletEvent fact = log.fact(event, WalletEvent.class);
        return new Movement(
                event.position(),
                switch (fact) {
                    case PointsCharged charged -> entry(charged, Kind.CHARGED, null, null, charged.chargedAt());
                    case PointsDebited debited ->
                        entry(debited, Kind.DEBITED, debited.paymentId(), debited.reservationId(), debited.debitedAt());
                    case PointsRefunded refunded ->
                        entry(
                                refunded,
                                Kind.REFUNDED,
                                refunded.paymentId(),
                                refunded.reservationId(),
                                refunded.refundedAt());
                });
    }

    private static WalletEntryView entry(
            WalletEvent fact,
            Kind kind,
            @Nullable PaymentId payment,
            @Nullable ReservationId reservation,
            Instant movedAt) {
        Money amount = fact.amount();
        return new WalletEntryView(kind, amount, fact.balance(), payment, reservation, movedAt);
    }
}
