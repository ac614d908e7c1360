package dev.onsale.query.reservation;

import dev.onsale.api.Money;
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
import dev.onsale.api.view.PaymentStatus;
import dev.onsale.query.readmodel.VersionedRow;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.Locale;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** One payment, as its own facts tell it. */
@Entity
@Immutable
@Table(name = "payment_view")
class PaymentRow extends VersionedRow {

    @Id
    private String paymentId;

    @SuppressWarnings("UnusedVariable") // Written by the declaration of the table.
    private String reservationId;

    @SuppressWarnings("UnusedVariable") // Written by the declaration of the table.
    private String performanceId;

    @Enumerated(EnumType.STRING)
    private PaymentStatus status = PaymentStatus.REQUESTED;

    private @Nullable String reason;

    private @Nullable Long amountMinorUnits;
    private @Nullable String currency;
    private @Nullable String sealedClientSecret;
    private long refundedMinorUnits;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields.
    protected PaymentRow() {}

    /** Every fact of a payment names it in full, so that a row can begin with any of them. */
    PaymentRow(PaymentEvent event) {
        paymentId = event.paymentId().toString();
        reservationId = event.reservationId().toString();
        performanceId = event.performanceId().toString();
    }

    void become(PaymentEvent event) {
        reason = null;
        sealedClientSecret = null;
        status = switch (event) {
            case PaymentInitiated initiated -> {
                amountMinorUnits = initiated.amount().minorUnits();
                currency = initiated.amount().currency().getCurrencyCode();
                yield PaymentStatus.REQUESTED;
            }
            case PaymentDelayed delayed -> {
                reason = delayed.reason();
                yield PaymentStatus.REQUESTED;
            }
            case PaymentAuthorized authorized -> PaymentStatus.AUTHORIZED;
            case PaymentDeclined declined -> {
                reason = declined.reason();
                yield PaymentStatus.DECLINED;
            }
            case PaymentCaptured captured -> PaymentStatus.CAPTURED;
            case PaymentVoided voided -> {
                reason = voided.reason();
                yield PaymentStatus.VOIDED;
            }
            case PaymentPartlyRefunded part -> {
                refundedMinorUnits += part.amount().minorUnits();
                yield status;
            }
            case PaymentRefunded refunded -> {
                refundedMinorUnits += refunded.amount().minorUnits();
                yield PaymentStatus.REFUNDED;
            }
            case PaymentActionRequired required -> {
                sealedClientSecret = required.clientSecret().value();
                yield PaymentStatus.ACTION_REQUIRED;
            }
            case PaymentRefundReported reported -> {
                reason = reported.status() == RefundStatus.SUCCEEDED ? null : "REFUND_" + reported.status();
                yield status;
            }
            case PaymentDisputed disputed -> {
                reason = "DISPUTE_" + disputed.status().toUpperCase(Locale.ROOT);
                yield status;
            }
        };
    }

    String paymentId() {
        return paymentId;
    }

    PaymentStatus status() {
        return status;
    }

    @Nullable
    String reason() {
        return reason;
    }

    @Nullable
    String sealedClientSecret() {
        return sealedClientSecret;
    }

    /** What was given back of it; {@code null} for nothing. */
    @Nullable
    Money refunded() {
        return refundedMinorUnits == 0 || currency == null ? null : Money.of(refundedMinorUnits, currency);
    }

    @Nullable
    Money amount() {
        return amountMinorUnits == null || currency == null ? null : Money.of(amountMinorUnits, currency);
    }
}
