package dev.onsale.saga.reservation;

import dev.onsale.api.PaymentId;
import dev.onsale.api.payment.PaymentInitiated;
import dev.onsale.api.reservation.PaymentDiscounted;
import java.util.Optional;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * How a payment was made, from the log: a refund may come months after the saga that knew it has ended. Rare, and never on the way
 * of a checkout that goes well.
 */
@Component
class PaymentFacts {

    private final EventStore store;
    private final TransactionManager transactions;

    PaymentFacts(EventStore store, TransactionManager transactions) {
        this.store = store;
        this.transactions = transactions;
    }

    /**
     * @throws IllegalStateException if the payment was never opened
     */
    PaymentInitiated opened(PaymentId payment) {
        return transactions
                .fetchInTransaction(() -> first(payment.toString(), PaymentInitiated.class, payment))
                .orElseThrow(() -> new IllegalStateException("Payment " + payment + " was never opened"));
    }

    @Nullable
    UsedCoupon couponOf(PaymentInitiated opened) {
        return transactions
                .fetchInTransaction(
                        () -> first(opened.reservationId().toString(), PaymentDiscounted.class, opened.paymentId()))
                .map(fact -> new UsedCoupon(fact.campaignId(), fact.couponId()))
                .orElse(null);
    }

    private <T> Optional<T> first(String aggregate, Class<T> type, PaymentId payment) {
        return store.readEvents(aggregate)
                .asStream()
                .map(event -> event.getPayload())
                .filter(type::isInstance)
                .map(type::cast)
                .filter(fact -> fact instanceof PaymentDiscounted discounted
                        ? discounted.paymentId().equals(payment)
                        : fact instanceof PaymentInitiated opened
                                && opened.paymentId().equals(payment))
                .findFirst();
    }
}
