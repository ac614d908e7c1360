package dev.onsale.saga.payment;

import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.payment.RefundStatus;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known after a call to the gateway. */
public sealed interface GatewayAnswer {

    sealed interface ToAuthorize extends GatewayAnswer {}

    sealed interface ToSettle extends GatewayAnswer {}

    sealed interface ToFind extends GatewayAnswer {}

    sealed interface ToIdentify extends GatewayAnswer {}

    sealed interface ToDispute extends GatewayAnswer {}

    /** What every call may be answered. */
    sealed interface ToAny extends ToAuthorize, ToSettle, ToFind, ToIdentify, ToDispute {}

    /** The amount is reserved under the gateway's own name for it. */
    record Authorized(String gatewayReference) implements ToAuthorize {}

    /** The bank asks the buyer to authenticate, with a secret that is for the buyer alone. */
    record ActionRequired(String gatewayReference, String clientSecret) implements ToAuthorize {

        /** Without the secret: texts like this end up in logs. */
        @Override
        public String toString() {
            return "ActionRequired[" + gatewayReference + "]";
        }
    }

    /** Nothing was reserved; the reason is a code. */
    record Declined(String reason) implements ToAuthorize {}

    /** It is so, since now or before. */
    record Settled() implements ToSettle {}

    /** The gateway has accepted a refund and works on it. */
    record UnderWay(String refundReference) implements ToSettle {}

    /** It cannot be, because of what happened to the payment before. */
    record Refused(String code) implements ToSettle {}

    /** The payment as the gateway has it. */
    record Found(
            String gatewayReference,
            Status status,
            Money amount,
            String declineReason,
            @Nullable String clientSecret,
            List<Refund> refunds)
            implements ToFind {

        public Found {
            refunds = List.copyOf(refunds);
        }

        public Found(String gatewayReference, Status status, Money amount, String declineReason) {
            this(gatewayReference, status, amount, declineReason, null, List.of());
        }

        /** Without the secret: texts like this end up in logs. */
        @Override
        public String toString() {
            return "Found[" + gatewayReference + " " + status + " " + amount + " " + refunds + "]";
        }
    }

    /** The gateway does not know it. A request may still be on its way. */
    record Absent() implements ToFind, ToDispute {}

    /**
     * It may have happened or not; ask again.
     *
     * @param gatewayReference the gateway's name for the payment, if the answer has it
     * @param isKeySpent whether the gateway repeats this answer under the same idempotency key: a new attempt needs another one
     */
    record Unknown(String detail, @Nullable String gatewayReference, boolean isKeySpent) implements ToAny {

        public Unknown(String detail) {
            this(detail, null, false);
        }
    }

    /**
     * It surely had no effect: no connection, an open circuit, too many calls under way, or the gateway's rate limit.
     *
     * @param retryAfter if the gateway asks for fewer calls: at least so long until the next, and longer with each try; else absent
     * @param isOwn whether the reason is this node's own, which says nothing about the gateway
     */
    record NotSent(String detail, @Nullable Duration retryAfter, boolean isOwn) implements ToAny {

        public NotSent(String detail) {
            this(detail, null, false);
        }

        static NotSent of(GatewayCalls.Reply.NotSent reply) {
            return new NotSent(reply.detail(), reply.retryAfter(), reply.isOwn());
        }
    }

    /**
     * The gateway refused the call for what the operator has set: the key, the account, the version. It had no effect, and says nothing
     * about the buyer.
     *
     * @param gatewayReference the gateway's name for the payment, if an earlier answer had it
     */
    record Misconfigured(String detail, @Nullable String gatewayReference) implements ToAny {

        public Misconfigured(String detail) {
            this(detail, null);
        }
    }

    /** It is this payment of Onsale. */
    record Identified(PaymentId paymentId) implements ToIdentify {}

    /** Somebody else's, or made by hand. */
    record Foreign() implements ToIdentify {}

    /**
     * A dispute as the gateway has it.
     *
     * @param gatewayReference the gateway's name for the disputed payment; absent if it has none
     * @param status the gateway's status, such as {@code needs_response}, {@code won} or {@code lost}
     */
    record Disputed(
            String disputeReference, @Nullable String gatewayReference, Money amount, String status, String reason)
            implements ToDispute {}

    /**
     * One refund of a payment, in whole or in part.
     *
     * @param isOurs whether Onsale requested it, not a person at the gateway's dashboard
     * @param part which part of the payment it gives back; absent for the whole, and if it is not ours
     */
    record Refund(
            String refundReference,
            Money amount,
            RefundStatus status,
            @Nullable String failureReason,
            boolean isOurs,
            @Nullable Integer part) {

        public Refund(
                String refundReference,
                Money amount,
                RefundStatus status,
                @Nullable String failureReason,
                boolean isOurs) {
            this(refundReference, amount, status, failureReason, isOurs, null);
        }

        public boolean isOfPart(int wanted) {
            return isOurs && part != null && part == wanted;
        }

        public boolean hasFailed() {
            return status == RefundStatus.FAILED || status == RefundStatus.CANCELED;
        }

        public boolean isOpen() {
            return status == RefundStatus.PENDING || status == RefundStatus.REQUIRES_ACTION;
        }
    }

    /** Where a payment stands at the gateway. */
    enum Status {
        /** Created, but not yet asked to reserve the amount. */
        UNCONFIRMED,
        /** Waits for the buyer to authenticate. */
        ACTION_REQUIRED,
        AUTHORIZED,
        DECLINED,
        CAPTURED,
        VOIDED,
        /** The whole amount is on its way back. */
        REFUND_PENDING,
        REFUNDED
    }
}
