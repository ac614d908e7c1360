package dev.onsale.command.wallet;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import dev.onsale.api.BuyerId;
import dev.onsale.api.ChargeId;
import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.wallet.ChargePoints;
import dev.onsale.api.wallet.DebitPoints;
import dev.onsale.api.wallet.PointsCharged;
import dev.onsale.api.wallet.PointsDebited;
import dev.onsale.api.wallet.PointsPartlyRefunded;
import dev.onsale.api.wallet.PointsRefunded;
import dev.onsale.api.wallet.RefundPartOfPoints;
import dev.onsale.api.wallet.WalletEvent;
import dev.onsale.command.bus.MemorySized;
import java.time.Instant;
import java.util.Currency;
import java.util.HashMap;
import java.util.Map;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/** The points of one buyer, one balance per currency. A point is the smallest unit of its currency. */
@Aggregate(type = "Wallet")
class Wallet implements MemorySized {

    @AggregateIdentifier
    @Nullable
    String id;

    /** A charge or a debit with its entry in the map. */
    private static final int MOVEMENT_BYTES = 300;

    private final Map<Currency, Long> balances = new HashMap<>();
    private final Map<Currency, Long> outstanding = new HashMap<>();
    private final Map<ChargeId, PointsCharged> charges = new HashMap<>();
    private final Map<PaymentId, PointsDebited> debits = new HashMap<>();
    private final Map<PaymentId, Map<Integer, Money>> parts = new HashMap<>();
    private final Map<PaymentId, Money> refunded = new HashMap<>();

    protected Wallet() {
        // For Axon, which replays the events.
    }

    Wallet(BuyerId buyer) {
        this.id = idOf(buyer);
    }

    /** A buyer's name alone could be the identifier of something else. */
    static String idOf(BuyerId buyer) {
        return "wallet:" + buyer;
    }

    @Override
    public long memoryBytes() {
        return (long) MOVEMENT_BYTES * (charges.size() + debits.size() + refunded.size() + parts.size());
    }

    PointsCharged charge(ChargePoints command, Instant now) {
        PointsCharged earlier = charges.get(command.chargeId());
        if (earlier != null) {
            if (!earlier.amount().equals(command.amount())) {
                throw new RefusedException(
                        RefusalCode.IDEMPOTENCY_KEY_REUSED, "This key charged another amount before");
            }
            return earlier;
        }
        if (command.amount().isZero()) {
            throw new RefusedException(RefusalCode.INVALID_REQUEST, "Charge more than nothing");
        }
        Currency currency = command.amount().currency();
        long after = balance(currency) + command.amount().minorUnits();
        // Debited points may come back when their payment ends, so there must be room for them.
        if (after + outstanding(currency) > Money.MINOR_UNITS_MAX) {
            throw new RefusedException(
                    RefusalCode.WALLET_FULL, "A wallet holds at most " + Money.MINOR_UNITS_MAX + " minor units");
        }
        PointsCharged fact = new PointsCharged(
                command.buyerId(), command.chargeId(), command.amount(), of(command.amount(), after), now);
        apply(fact);
        return fact;
    }

    PointsDebited debit(DebitPoints command, Instant now) {
        if (refunded.containsKey(command.paymentId())) {
            throw new RefusedException(
                    RefusalCode.PAYMENT_STATE_CONFLICT, "The points of this payment were given back");
        }
        PointsDebited earlier = debits.get(command.paymentId());
        if (earlier != null) {
            return earlier;
        }
        long after = balance(command.amount().currency()) - command.amount().minorUnits();
        if (after < 0) {
            throw new RefusedException(
                    RefusalCode.INSUFFICIENT_POINTS,
                    "The wallet holds " + balance(command.amount().currency()) + " of the "
                            + command.amount().minorUnits() + " points");
        }
        PointsDebited fact = new PointsDebited(
                command.buyerId(),
                command.paymentId(),
                command.reservationId(),
                command.amount(),
                of(command.amount(), after),
                now);
        apply(fact);
        return fact;
    }

    /**
     * @param amount how many points; absent for all that are left of the payment
     */
    void refund(PaymentId payment, @Nullable Money amount, Instant now) {
        PointsDebited debit = debits.get(payment);
        if (debit == null || refunded.containsKey(payment)) {
            return;
        }
        Money back = amount == null ? left(debit) : amount;
        requireLeft(debit, back);
        long after = balance(back.currency()) + back.minorUnits();
        apply(new PointsRefunded(debit.buyerId(), payment, debit.reservationId(), back, of(back, after), now));
    }

    /** Parts and the rest may come back in any order. */
    void refundPart(RefundPartOfPoints command, Instant now) {
        PointsDebited debit = debits.get(command.paymentId());
        if (debit == null || parts(command.paymentId()).containsKey(command.part())) {
            return;
        }
        Money back = command.amount();
        requireLeft(debit, back);
        long after = balance(back.currency()) + back.minorUnits();
        apply(new PointsPartlyRefunded(
                debit.buyerId(),
                command.paymentId(),
                debit.reservationId(),
                command.part(),
                back,
                of(back, after),
                now));
    }

    private Map<Integer, Money> parts(PaymentId payment) {
        return parts.getOrDefault(payment, Map.of());
    }

    private Money left(PointsDebited debit) {
        Money left = debit.amount();
        for (Money part : parts(debit.paymentId()).values()) {
            left = left.minus(part);
        }
        Money whole = refunded.get(debit.paymentId());
        return whole == null ? left : left.minus(whole);
    }

    private void requireLeft(PointsDebited debit, Money back) {
        Money left = left(debit);
        if (!left.currency().equals(back.currency()) || left.minorUnits() < back.minorUnits()) {
            throw new RefusedException(
                    RefusalCode.PAYMENT_STATE_CONFLICT, "Of the payment " + left + " are left, not " + back);
        }
    }

    @EventSourcingHandler
    void on(WalletEvent event) {
        id = idOf(event.buyerId());
        balances.put(event.balance().currency(), event.balance().minorUnits());
        switch (event) {
            case PointsCharged fact -> charges.put(fact.chargeId(), fact);
            case PointsDebited fact -> {
                debits.put(fact.paymentId(), fact);
                outstanding.merge(fact.amount().currency(), fact.amount().minorUnits(), Long::sum);
            }
            case PointsRefunded fact -> {
                refunded.put(fact.paymentId(), fact.amount());
                outstanding.merge(fact.amount().currency(), -fact.amount().minorUnits(), Long::sum);
            }
            case PointsPartlyRefunded fact -> {
                parts.computeIfAbsent(fact.paymentId(), payment -> new HashMap<>())
                        .put(fact.part(), fact.amount());
                outstanding.merge(fact.amount().currency(), -fact.amount().minorUnits(), Long::sum);
            }
        }
    }

    private long outstanding(Currency currency) {
        return outstanding.getOrDefault(currency, 0L);
    }

    private long balance(Currency currency) {
        return balances.getOrDefault(currency, 0L);
    }

    private static Money of(Money like, long minorUnits) {
        return new Money(minorUnits, like.currency());
    }
}
