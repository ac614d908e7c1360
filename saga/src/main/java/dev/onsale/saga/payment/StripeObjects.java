package dev.onsale.saga.payment;

import com.stripe.model.Dispute;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import com.stripe.model.StripeError;
import dev.onsale.api.InvalidValueException;
import dev.onsale.api.Money;
import dev.onsale.api.payment.RefundStatus;
import dev.onsale.saga.payment.GatewayAnswer.ActionRequired;
import dev.onsale.saga.payment.GatewayAnswer.Authorized;
import dev.onsale.saga.payment.GatewayAnswer.Declined;
import dev.onsale.saga.payment.GatewayAnswer.Disputed;
import dev.onsale.saga.payment.GatewayAnswer.Found;
import dev.onsale.saga.payment.GatewayAnswer.Status;
import dev.onsale.saga.payment.GatewayAnswer.Unknown;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads Stripe's objects. A field that is absent where Stripe promises one makes the answer unknown, never wrong. */
final class StripeObjects {

    static final String PAYMENT_ID = "onsale_payment_id";

    /** On a refund: which part of a payment it gives back; absent for the whole. */
    static final String PART = "onsale_part";

    private StripeObjects() {}

    static @Nullable String paymentId(PaymentIntent intent) {
        Map<String, String> metadata = intent.getMetadata();
        return metadata == null ? null : metadata.get(PAYMENT_ID);
    }

    static String status(PaymentIntent intent) {
        return Objects.requireNonNullElse(intent.getStatus(), "absent");
    }

    /** What an intent says after it was asked to reserve its amount. */
    static GatewayAnswer.ToAuthorize authorization(PaymentIntent intent) {
        String id = intent.getId();
        return switch (status(intent)) {
            case "requires_capture", "succeeded" -> new Authorized(id);
            case "requires_action" ->
                intent.getClientSecret() == null
                        ? new Unknown("requires_action without a client_secret", id, false)
                        : new ActionRequired(id, intent.getClientSecret());
            case "requires_payment_method" -> new Declined(reason(intent.getLastPaymentError()));
            case "canceled" -> new Declined("CANCELED");
            default -> new Unknown("status " + status(intent), id, false);
        };
    }

    /**
     * @throws InvalidValueException if an amount cannot be read
     */
    static GatewayAnswer.ToFind found(PaymentIntent intent, List<Refund> refunds) {
        Money amount = money(intent.getAmount(), intent.getCurrency());
        List<GatewayAnswer.Refund> told =
                refunds.stream().map(StripeObjects::refund).toList();
        Status status =
                switch (status(intent)) {
                    case "requires_confirmation" -> Status.UNCONFIRMED;
                    case "requires_action" -> Status.ACTION_REQUIRED;
                    case "requires_capture" -> Status.AUTHORIZED;
                    case "requires_payment_method" ->
                        intent.getLastPaymentError() == null ? Status.UNCONFIRMED : Status.DECLINED;
                    case "canceled" -> Status.VOIDED;
                    case "succeeded" -> afterCapture(received(intent), told);
                    default -> null;
                };
        return status == null
                ? new Unknown("status " + status(intent), intent.getId(), false)
                : new Found(
                        intent.getId(),
                        status,
                        amount,
                        reason(intent.getLastPaymentError()),
                        intent.getClientSecret(),
                        told);
    }

    private static Money received(PaymentIntent intent) {
        Long received = intent.getAmountReceived();
        return money(received == null ? intent.getAmount() : received, intent.getCurrency());
    }

    /** Refunds in part add up. */
    private static Status afterCapture(Money received, List<GatewayAnswer.Refund> refunds) {
        long back = 0;
        long underWay = 0;
        for (GatewayAnswer.Refund refund : refunds) {
            back += refund.status() == RefundStatus.SUCCEEDED ? refund.amount().minorUnits() : 0;
            underWay += refund.isOpen() ? refund.amount().minorUnits() : 0;
        }
        if (back >= received.minorUnits()) {
            return Status.REFUNDED;
        }
        return back + underWay >= received.minorUnits() ? Status.REFUND_PENDING : Status.CAPTURED;
    }

    private static Money money(@Nullable Long amount, @Nullable String currency) {
        if (amount == null || currency == null) {
            throw new InvalidValueException("An object of Stripe without an amount");
        }
        return StripeAmount.toMoney(amount, currency);
    }

    private static GatewayAnswer.Refund refund(Refund refund) {
        return new GatewayAnswer.Refund(
                refund.getId(),
                money(refund.getAmount(), refund.getCurrency()),
                refundStatus(refund),
                refund.getFailureReason(),
                refund.getMetadata() != null && refund.getMetadata().containsKey(PAYMENT_ID),
                part(refund.getMetadata()));
    }

    private static @Nullable Integer part(@Nullable Map<String, String> metadata) {
        String part = metadata == null ? null : metadata.get(PART);
        try {
            return part == null ? null : Integer.valueOf(part);
        } catch (NumberFormatException e) {
            throw new InvalidValueException("A refund of part " + part);
        }
    }

    static RefundStatus refundStatus(Refund refund) {
        return switch (Objects.requireNonNullElse(refund.getStatus(), "pending")) {
            case "succeeded" -> RefundStatus.SUCCEEDED;
            case "failed" -> RefundStatus.FAILED;
            case "canceled" -> RefundStatus.CANCELED;
            case "requires_action" -> RefundStatus.REQUIRES_ACTION;
            default -> RefundStatus.PENDING;
        };
    }

    static Disputed dispute(Dispute dispute) {
        return new Disputed(
                dispute.getId(),
                dispute.getPaymentIntent(),
                money(dispute.getAmount(), dispute.getCurrency()),
                dispute.getStatus(),
                Objects.requireNonNullElse(dispute.getReason(), "general"));
    }

    /** The reason for the buyer: the bank's, where there is one. */
    private static String reason(@Nullable StripeError error) {
        String reason = error == null
                ? null
                : Objects.requireNonNullElseGet(
                        error.getDeclineCode(), () -> Objects.requireNonNullElse(error.getCode(), "declined"));
        return reason == null ? "DECLINED" : reason.toUpperCase(Locale.ROOT);
    }
}
