package dev.onsale.command.reservation;

import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.Money;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.coupon.CouponTerms;
import dev.onsale.api.coupon.QuoteCoupon;
import dev.onsale.api.reservation.PaymentRequested;
import dev.onsale.api.reservation.RequestPayment;
import dev.onsale.command.bus.Commands;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The way of a request to pay: the coupon's terms from its campaign, then the reservation, which knows the total, decides the amount.
 * The coupon is only looked at here; the saga redeems it, so that a request that is refused has used nothing up.
 */
@Component
class PaymentDesk {

    private final Commands commands;
    private final EventStore store;

    PaymentDesk(Commands commands, EventStore store) {
        this.commands = commands;
        this.store = store;
    }

    record Coupon(CampaignId campaignId, CouponId couponId) {}

    CompletionStage<PaymentRequested> request(
            RequestPayment request, @Nullable Coupon coupon, @Nullable Money expected) {
        if (coupon == null) {
            return send(request, null, expected);
        }
        return commands.send(
                        new QuoteCoupon(coupon.campaignId(), coupon.couponId(), request.buyerId()), CouponTerms.class)
                .thenCompose(terms -> send(request, terms, expected))
                .exceptionallyCompose(failure -> isRedeemed(failure)
                        ? answeredBefore(request, failure)
                        : CompletableFuture.failedStage(failure));
    }

    private CompletionStage<PaymentRequested> send(
            RequestPayment request, @Nullable CouponTerms terms, @Nullable Money expected) {
        return commands.send(
                new RequestPayment(
                        request.reservationId(),
                        request.performanceId(),
                        request.buyerId(),
                        request.paymentId(),
                        request.method(),
                        terms,
                        expected),
                PaymentRequested.class);
    }

    /** A repeat finds its own coupon redeemed: by the payment that the first try asked for. */
    private CompletionStage<PaymentRequested> answeredBefore(RequestPayment request, Throwable failure) {
        return CompletableFuture.supplyAsync(
                        () -> store.readEvents(request.reservationId().toString())
                                .asStream()
                                .map(event -> event.getPayload())
                                .filter(PaymentRequested.class::isInstance)
                                .map(PaymentRequested.class::cast)
                                .filter(fact -> fact.paymentId().equals(request.paymentId())
                                        && fact.buyerId().equals(request.buyerId()))
                                .findFirst())
                .thenCompose(earlier -> earlier.isPresent()
                        ? CompletableFuture.completedStage(earlier.get())
                        : CompletableFuture.failedStage(failure));
    }

    private static boolean isRedeemed(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RefusedException refused) {
                return refused.code() == RefusalCode.COUPON_REDEEMED;
            }
        }
        return false;
    }
}
