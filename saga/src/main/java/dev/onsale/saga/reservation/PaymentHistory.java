package dev.onsale.saga.reservation;

import dev.onsale.api.PaymentId;
import dev.onsale.api.payment.PaymentActionRequired;
import dev.onsale.api.payment.PaymentAuthorized;
import dev.onsale.api.payment.PaymentCaptured;
import dev.onsale.api.payment.PaymentDeclined;
import dev.onsale.api.payment.PaymentDelayed;
import dev.onsale.api.payment.PaymentDisputed;
import dev.onsale.api.payment.PaymentEvent;
import dev.onsale.api.payment.PaymentInitiated;
import dev.onsale.api.payment.PaymentPartlyRefunded;
import dev.onsale.api.payment.PaymentRefundReported;
import dev.onsale.api.payment.PaymentRefunded;
import dev.onsale.api.payment.PaymentVoided;
import dev.onsale.api.payment.RefundStatus;
import dev.onsale.api.reservation.PaymentDiscounted;
import dev.onsale.api.view.PaymentStatus;
import dev.onsale.saga.payment.PaymentLookup;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Reads a payment from the log. A refund may come months after its saga has ended. Not used by a checkout that succeeds.
 */
@Component
class PaymentHistory {

    private final EventStore store;
    private final TransactionManager transactions;

    PaymentHistory(EventStore store, TransactionManager transactions) {
        this.store = store;
        this.transactions = transactions;
    }

    /**
     * @throws IllegalStateException if the payment was never opened
     */
    PaymentInitiated opened(PaymentId payment) {
        return find(payment).orElseThrow(() -> new IllegalStateException("Payment " + payment + " was never opened"));
    }

    /** Empty if Onsale never opened this payment. */
    Optional<PaymentInitiated> find(PaymentId payment) {
        return transactions.fetchInTransaction(() -> first(payment.toString(), PaymentInitiated.class, payment));
    }

    /** The recorded status of the payment. */
    PaymentStatus statusOf(PaymentId payment) {
        return transactions.fetchInTransaction(() -> store.readEvents(payment.toString())
                .asStream()
                .map(event -> event.getPayload())
                .filter(PaymentEvent.class::isInstance)
                .map(PaymentEvent.class::cast)
                .reduce(PaymentStatus.REQUESTED, PaymentHistory::after, (earlier, later) -> later));
    }

    private static PaymentStatus after(PaymentStatus status, PaymentEvent fact) {
        return switch (fact) {
            case PaymentInitiated initiated -> PaymentStatus.REQUESTED;
            case PaymentActionRequired required -> PaymentStatus.ACTION_REQUIRED;
            case PaymentAuthorized authorized -> PaymentStatus.AUTHORIZED;
            case PaymentDeclined declined -> PaymentStatus.DECLINED;
            case PaymentCaptured captured -> PaymentStatus.CAPTURED;
            case PaymentVoided voided -> PaymentStatus.VOIDED;
            case PaymentRefunded refunded -> PaymentStatus.REFUNDED;
            case PaymentPartlyRefunded part -> status;
            case PaymentDelayed delayed -> status;
            case PaymentRefundReported reported -> status;
            case PaymentDisputed disputed -> status;
        };
    }

    /** Names the payment to the gateway, by the gateway's own name as soon as that is known. */
    PaymentLookup lookup(PaymentInitiated opened, GatewayProgress progress) {
        String reference = progress.gatewayReference() == null
                ? gatewayReference(opened.paymentId())
                : progress.gatewayReference();
        return new PaymentLookup(opened.paymentId(), opened.initiatedAt(), reference);
    }

    /** The gateway's name for the payment, if it is recorded. */
    @Nullable
    String gatewayReference(PaymentId payment) {
        return transactions.fetchInTransaction(() -> store.readEvents(payment.toString())
                .asStream()
                .map(event -> switch (event.getPayload()) {
                    case PaymentAuthorized fact -> fact.gatewayReference();
                    case PaymentActionRequired fact -> fact.gatewayReference();
                    default -> null;
                })
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null));
    }

    /** The refunds that are recorded, by the gateway's names for them, with what was recorded last. */
    Map<String, RefundStatus> refundsOf(PaymentId payment) {
        return transactions.fetchInTransaction(() -> store.readEvents(payment.toString())
                .asStream()
                .map(event -> event.getPayload())
                .filter(PaymentRefundReported.class::isInstance)
                .map(PaymentRefundReported.class::cast)
                .collect(Collectors.toMap(
                        PaymentRefundReported::refundReference,
                        PaymentRefundReported::status,
                        (earlier, later) -> later)));
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
