package dev.onsale.saga.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.api.personal.SealedText;
import dev.onsale.saga.payment.GatewayAnswer;
import dev.onsale.saga.step.Step;
import dev.onsale.saga.step.StepResult;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The steps of a checkout. Kinds, ids and components are stored. */
sealed interface CheckoutStep extends Step {

    @Override
    default String kind() {
        return switch (this) {
            case Authorize step -> step.leadsOn() ? Authorize.WHOLE_KIND : Authorize.KIND;
            case Confirm step -> Confirm.KIND;
            case Capture step -> Capture.KIND;
            case GiveBack step -> GiveBack.KIND;
            case RefundPart step -> RefundPart.KIND;
            case Fail step -> Fail.KIND;
            case Reconcile step -> Reconcile.KIND;
            case Expire step -> Expire.KIND;
        };
    }

    @Override
    default String id() {
        return switch (this) {
            case Authorize step -> step.paymentId().toString();
            case Confirm step -> step.paymentId().toString();
            case Capture step -> step.paymentId().toString();
            case GiveBack step -> step.paymentId().toString();
            case RefundPart step -> step.paymentId() + "/" + step.part();
            case Fail step -> step.paymentId().toString();
            case Reconcile step -> step.event().id();
            case Expire step -> step.reservationId() + "/" + step.occasion();
        };
    }

    /** After a call to the gateway without an outcome: the same step again. */
    default StepResult retryAfter(GatewayAnswer.ToAny noOutcome) {
        return switch (noOutcome) {
            case GatewayAnswer.Unknown unknown -> new StepResult.Unresolved(this, unknown.detail());
            case GatewayAnswer.NotSent notSent -> new StepResult.NotBegun(this, notSent.detail(), notSent.retryAfter());
            case GatewayAnswer.Misconfigured misconfigured -> new StepResult.Unresolved(this, misconfigured.detail());
        };
    }

    /**
     * Ask the gateway to reserve the amount, and record its answer. A whole checkout then confirms the reservation and captures the
     * money in the same run.
     *
     * @param coupon what is redeemed before money moves; absent for none
     * @param maybeSent false only as long as the gateway surely never got the request
     * @param cardToken the token of the card, sealed; absent for other methods, and where the method has it
     * @param progress how far it has come with the gateway; absent at first
     * @param whole whether confirmation and capture follow in the same run; absent if the saga asks for them, as it did for
     *     payments that were requested before there were such runs
     */
    record Authorize(
            PaymentId paymentId,
            ReservationId reservationId,
            PerformanceId performanceId,
            BuyerId buyerId,
            Money amount,
            PaymentMethod method,
            Instant payBefore,
            @Nullable UsedCoupon coupon,
            boolean maybeSent,
            @Nullable SealedText cardToken,
            @Nullable GatewayProgress progress,
            @Nullable Boolean whole)
            implements CheckoutStep {

        static final String KIND = "authorize-payment";

        /** A name of its own, so that a node of an older version leaves the step to others. */
        static final String WHOLE_KIND = "check-out";

        /** Authorisation alone. */
        Authorize(
                PaymentId paymentId,
                ReservationId reservationId,
                PerformanceId performanceId,
                BuyerId buyerId,
                Money amount,
                PaymentMethod method,
                Instant payBefore,
                @Nullable UsedCoupon coupon,
                boolean maybeSent,
                @Nullable SealedText cardToken,
                @Nullable GatewayProgress progress) {
            this(
                    paymentId,
                    reservationId,
                    performanceId,
                    buyerId,
                    amount,
                    method,
                    payBefore,
                    coupon,
                    maybeSent,
                    cardToken,
                    progress,
                    null);
        }

        boolean leadsOn() {
            return Boolean.TRUE.equals(whole);
        }

        /** The same as a whole checkout. */
        Authorize asWhole() {
            return with(maybeSent, GatewayProgress.of(progress), true);
        }

        Authorize perhapsSent() {
            return with(true, GatewayProgress.of(progress));
        }

        Authorize with(GatewayProgress next) {
            return with(maybeSent, next);
        }

        private Authorize with(boolean sent, GatewayProgress next) {
            return with(sent, next, whole);
        }

        private Authorize with(boolean sent, GatewayProgress next, @Nullable Boolean whole) {
            return new Authorize(
                    paymentId,
                    reservationId,
                    performanceId,
                    buyerId,
                    amount,
                    method,
                    payBefore,
                    coupon,
                    sent,
                    cardToken,
                    next.orNull(),
                    whole);
        }
    }

    /**
     * Book the seats against the authorised payment; if that is refused, the money goes back.
     *
     * @param capture what follows in the same run; absent if the saga asks for it
     */
    record Confirm(
            ReservationId reservationId,
            PerformanceId performanceId,
            PaymentId paymentId,
            @Nullable Capture capture) implements CheckoutStep {

        static final String KIND = "confirm-reservation";

        /** Confirmation alone. */
        Confirm(ReservationId reservationId, PerformanceId performanceId, PaymentId paymentId) {
            this(reservationId, performanceId, paymentId, null);
        }

        /** The rest of a whole checkout whose money is authorised. */
        static Confirm after(Authorize step, String gatewayReference) {
            return new Confirm(
                    step.reservationId(),
                    step.performanceId(),
                    step.paymentId(),
                    new Capture(
                            step.paymentId(),
                            gatewayReference,
                            step.amount(),
                            step.reservationId(),
                            step.performanceId()));
        }
    }

    /** Take the authorised money for booked seats; if the gateway will not have it, the booking goes back. */
    record Capture(
            PaymentId paymentId,
            String gatewayReference,
            Money amount,
            @Nullable ReservationId reservationId,
            @Nullable PerformanceId performanceId,
            @Nullable GatewayProgress progress)
            implements CheckoutStep {

        static final String KIND = "capture-payment";

        /** At first. */
        Capture(
                PaymentId paymentId,
                String gatewayReference,
                Money amount,
                @Nullable ReservationId reservationId,
                @Nullable PerformanceId performanceId) {
            this(paymentId, gatewayReference, amount, reservationId, performanceId, null);
        }

        Capture with(GatewayProgress next) {
            return new Capture(paymentId, gatewayReference, amount, reservationId, performanceId, next.orNull());
        }
    }

    /**
     * Return the money in whichever way it needs: void what is only authorised, refund what was captured; then the coupon.
     *
     * @param amount what is left after parts were given back; absent for the whole payment
     */
    record GiveBack(
            PaymentId paymentId,
            String reason,
            @Nullable GatewayProgress progress,
            @Nullable Money amount) implements CheckoutStep {

        static final String KIND = "give-back-payment";

        /** At first. */
        GiveBack(PaymentId paymentId, String reason) {
            this(paymentId, reason, null, null);
        }

        /** The whole payment. */
        GiveBack(PaymentId paymentId, String reason, @Nullable GatewayProgress progress) {
            this(paymentId, reason, progress, null);
        }

        GiveBack with(GatewayProgress next) {
            return new GiveBack(paymentId, reason, next.orNull(), amount);
        }
    }

    /** Return a part of the captured money, for seats that were cancelled while others stay. */
    record RefundPart(
            PaymentId paymentId,
            int part,
            Money amount,
            @Nullable GatewayProgress progress) implements CheckoutStep {

        static final String KIND = "refund-part-of-payment";

        RefundPart with(GatewayProgress next) {
            return new RefundPart(paymentId, part, amount, next.orNull());
        }
    }

    /** Tell the reservation that its payment took no money. */
    record Fail(ReservationId reservationId, PerformanceId performanceId, PaymentId paymentId, String reason)
            implements CheckoutStep {

        static final String KIND = "fail-payment";
    }

    /** Look at the gateway for what happened there without Onsale. */
    record Reconcile(GatewayEvent event) implements CheckoutStep {

        static final String KIND = "reconcile-payment";
    }

    /**
     * End the hold if nothing keeps it any longer.
     *
     * @param occasion which deadline of the reservation it is
     */
    record Expire(ReservationId reservationId, PerformanceId performanceId, String occasion) implements CheckoutStep {

        static final String KIND = "expire-reservation";

        static Expire ofHold(ReservationId reservationId, PerformanceId performanceId) {
            return new Expire(reservationId, performanceId, "held");
        }

        static Expire ofPayment(ReservationId reservationId, PerformanceId performanceId, PaymentId paymentId) {
            return new Expire(reservationId, performanceId, "pay-" + paymentId);
        }

        static Expire afterFailure(ReservationId reservationId, PerformanceId performanceId, PaymentId paymentId) {
            return new Expire(reservationId, performanceId, "failed-" + paymentId);
        }
    }
}
