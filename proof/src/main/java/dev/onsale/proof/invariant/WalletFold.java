package dev.onsale.proof.invariant;

import dev.onsale.api.BuyerId;
import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.wallet.PointsCharged;
import dev.onsale.api.wallet.PointsDebited;
import dev.onsale.api.wallet.PointsPartlyRefunded;
import dev.onsale.api.wallet.PointsRefunded;
import dev.onsale.api.wallet.WalletEvent;
import java.util.Currency;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Folds the wallet events: the balance of each wallet. */
final class WalletFold {

    private record Pocket(BuyerId buyer, Currency currency) {}

    private final Findings findings;
    private final Map<Pocket, Long> balances = new HashMap<>();
    private final Map<PaymentId, PointsDebited> debits = new HashMap<>();
    private final Set<PaymentId> refunded = new HashSet<>();
    private final Map<PaymentId, Set<Integer>> parts = new HashMap<>();
    private final Map<PaymentId, Long> backMinor = new HashMap<>();

    WalletFold(Findings findings) {
        this.findings = findings;
    }

    void on(long position, WalletEvent event) {
        long change =
                switch (event) {
                    case PointsCharged charged -> charged.amount().minorUnits();
                    case PointsDebited debited -> -debited.amount().minorUnits();
                    case PointsPartlyRefunded back -> back.amount().minorUnits();
                    case PointsRefunded back -> back.amount().minorUnits();
                };
        long holds = balances.merge(new Pocket(event.buyerId(), event.amount().currency()), change, Long::sum);
        if (holds < 0 || holds != event.balance().minorUnits()) {
            broken(event.buyerId(), "states " + event.balance() + ", its facts add up to " + holds + at(position));
        }
        if (event instanceof PointsDebited debited && debits.put(debited.paymentId(), debited) != null) {
            broken(event.buyerId(), "pays payment " + debited.paymentId() + " twice" + at(position));
        }
        if (event instanceof PointsRefunded back) {
            PointsDebited debit = debits.get(back.paymentId());
            givenBack(position, event.buyerId(), debit, back.paymentId(), back.amount());
            if (!refunded.add(back.paymentId())) {
                broken(event.buyerId(), "gets payment " + back.paymentId() + " back twice" + at(position));
            }
        }
        if (event instanceof PointsPartlyRefunded back) {
            givenBack(position, event.buyerId(), debits.get(back.paymentId()), back.paymentId(), back.amount());
            if (!parts.computeIfAbsent(back.paymentId(), payment -> new HashSet<>())
                    .add(back.part())) {
                broken(
                        event.buyerId(),
                        "gets part " + back.part() + " of payment " + back.paymentId() + " back twice" + at(position));
            }
        }
    }

    private void givenBack(
            long position, BuyerId buyer, @Nullable PointsDebited debit, PaymentId payment, Money amount) {
        long sum = backMinor.merge(payment, amount.minorUnits(), Long::sum);
        if (debit == null
                || sum > debit.amount().minorUnits()
                || !debit.amount().currency().equals(amount.currency())) {
            broken(buyer, "gets back for payment " + payment + " what it did not pay" + at(position));
        }
    }

    /** At the end of a complete log, points are debited if and only if the payment that took them is kept. */
    void compareWith(PaymentFold payments) {
        debits.forEach((payment, debit) -> {
            if (refunded.contains(payment)
                    && backMinor.getOrDefault(payment, 0L) != debit.amount().minorUnits()) {
                broken(debit.buyerId(), "gets back for payment " + payment + " less than it paid");
            }
            if (payments.isKnown(payment) && payments.isKept(payment) == refunded.contains(payment)) {
                broken(
                        debit.buyerId(),
                        "paid payment " + payment
                                + (refunded.contains(payment) ? ", was refunded" : ", was not refunded")
                                + ", and the payment is " + (payments.isKept(payment) ? "kept" : "not kept"));
            }
        });
    }

    private void broken(BuyerId buyer, String what) {
        findings.add(Invariant.WALLETS_ADD_UP, "The wallet of " + buyer + " " + what);
    }

    private static String at(long position) {
        return ", at position " + position;
    }
}
