package dev.onsale.proof.invariant;

import dev.onsale.api.BuyerId;
import dev.onsale.api.PaymentId;
import dev.onsale.api.wallet.PointsCharged;
import dev.onsale.api.wallet.PointsDebited;
import dev.onsale.api.wallet.PointsRefunded;
import dev.onsale.api.wallet.WalletEvent;
import java.util.Currency;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Folds the wallet events: the balance of each wallet. */
final class WalletFold {

    private record Pocket(BuyerId buyer, Currency currency) {}

    private final Findings findings;
    private final Map<Pocket, Long> balances = new HashMap<>();
    private final Map<PaymentId, PointsDebited> debits = new HashMap<>();
    private final Set<PaymentId> refunded = new HashSet<>();

    WalletFold(Findings findings) {
        this.findings = findings;
    }

    void on(long position, WalletEvent event) {
        long change =
                switch (event) {
                    case PointsCharged charged -> charged.amount().minorUnits();
                    case PointsDebited debited -> -debited.amount().minorUnits();
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
            if (debit == null || !debit.amount().equals(back.amount()) || !refunded.add(back.paymentId())) {
                broken(
                        event.buyerId(),
                        "gets back for payment " + back.paymentId() + " what it did not pay" + at(position));
            }
        }
    }

    /** At the end of a complete log, points are debited if and only if the payment that took them is kept. */
    void compareWith(PaymentFold payments) {
        debits.forEach((payment, debit) -> {
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
