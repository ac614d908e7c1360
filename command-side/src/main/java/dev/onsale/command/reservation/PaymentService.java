package dev.onsale.command.reservation;

import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.coupon.CouponTerms;
import dev.onsale.api.coupon.QuoteCoupon;
import dev.onsale.api.reservation.PaymentRequested;
import dev.onsale.api.reservation.RequestPayment;
import dev.onsale.command.bus.CommandSender;
import dev.onsale.command.store.AggregateKinds;
import dev.onsale.platform.failure.Causes;
import dev.onsale.platform.supervision.TaskThreads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Requests payments. Personal data is sealed first. The campaign gives the coupon's terms, and the reservation decides the
 * amount. The coupon is only read here; the saga redeems it, so that a refused request uses nothing up.
 */
@Component
class PaymentService {

    private final ReservationIndex index;
    private final CommandSender commands;
    private final EventStore store;
    private final AggregateKinds kinds;
    private final PersonalDataSealer personal;
    private final Executor readers = TaskThreads.perTask("payment-repeat-");

    PaymentService(
            ReservationIndex index,
            CommandSender commands,
            EventStore store,
            AggregateKinds kinds,
            PersonalDataSealer personal) {
        this.index = index;
        this.kinds = kinds;
        this.commands = commands;
        this.store = store;
        this.personal = personal;
    }

    CompletionStage<PaymentRequested> request(PaymentOrder order) {
        return index.performanceOf(order.reservationId()).thenCompose(performance -> personal.seal(order)
                .thenCompose(envelope -> request(order, performance, envelope)
                        .thenCompose(fact ->
                                envelope.isOf(fact) ? CompletableFuture.completedStage(fact) : repeat(order, fact))));
    }

    /** A repeat is answered with the fact of the first try, whose sealed data only this service can compare. */
    private CompletionStage<PaymentRequested> repeat(PaymentOrder order, PaymentRequested fact) {
        return personal.saysTheSame(order, fact).thenApply(same -> {
            if (!same) {
                throw new RefusedException(RefusalCode.IDEMPOTENCY_KEY_REUSED, "This key paid in another way before");
            }
            return fact;
        });
    }

    private CompletionStage<PaymentRequested> request(
            PaymentOrder order, PerformanceId performance, PersonalDataSealer.Sealed envelope) {
        PaymentOrder.Coupon coupon = order.coupon();
        if (coupon == null) {
            return send(order, performance, envelope, null);
        }
        return kinds.isOfLater(coupon.campaignId().toString(), "Campaign")
                .thenCompose(isCampaign -> isCampaign ? quote(coupon, order) : noSuchCampaign())
                .thenCompose(terms -> send(order, performance, envelope, terms))
                .exceptionallyCompose(failure ->
                        isUsed(failure) ? answeredBefore(order, failure) : CompletableFuture.failedStage(failure));
    }

    private CompletionStage<CouponTerms> quote(PaymentOrder.Coupon coupon, PaymentOrder order) {
        return commands.send(
                new QuoteCoupon(coupon.campaignId(), coupon.couponId(), order.buyerId()), CouponTerms.class);
    }

    private static CompletionStage<CouponTerms> noSuchCampaign() {
        return CompletableFuture.failedStage(
                new RefusedException(RefusalCode.CAMPAIGN_NOT_FOUND, "There is no such campaign"));
    }

    private CompletionStage<PaymentRequested> send(
            PaymentOrder order,
            PerformanceId performance,
            PersonalDataSealer.Sealed envelope,
            @Nullable CouponTerms terms) {
        return commands.send(
                new RequestPayment(
                        order.reservationId(),
                        performance,
                        order.buyerId(),
                        order.paymentId(),
                        envelope.method(),
                        terms,
                        order.expected(),
                        envelope.cardToken(),
                        envelope.contact()),
                PaymentRequested.class);
    }

    /** A repeat finds its own coupon redeemed, by the payment that the first try asked for, or revoked since. */
    private CompletionStage<PaymentRequested> answeredBefore(PaymentOrder request, Throwable failure) {
        return CompletableFuture.supplyAsync(
                        () -> store.readEvents(request.reservationId().toString())
                                .asStream()
                                .map(event -> event.getPayload())
                                .filter(PaymentRequested.class::isInstance)
                                .map(PaymentRequested.class::cast)
                                .filter(fact -> fact.paymentId().equals(request.paymentId())
                                        && fact.buyerId().equals(request.buyerId()))
                                .findFirst(),
                        readers)
                .thenCompose(earlier -> earlier.isPresent()
                        ? CompletableFuture.completedStage(earlier.get())
                        : CompletableFuture.failedStage(failure));
    }

    private static boolean isUsed(Throwable failure) {
        RefusedException refused = Causes.find(failure, RefusedException.class);
        return refused != null
                && (refused.code() == RefusalCode.COUPON_REDEEMED || refused.code() == RefusalCode.COUPON_REVOKED);
    }
}
