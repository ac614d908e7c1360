package dev.onsale.command.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.command.performance.PerformanceCache;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Lets through who is inside the waiting room of a sale that has one. Holding passes here. Paying does not: the reservation
 * is the right to pay.
 */
@Component
class AdmissionCheck {

    private static final Logger log = LoggerFactory.getLogger(AdmissionCheck.class);

    private final @Nullable AdmissionGate gate;
    private final Clock clock;

    AdmissionCheck(ObjectProvider<AdmissionGate> gate, Clock clock) {
        this.gate = gate.getIfAvailable();
        this.clock = clock;
    }

    /** Fails with {@code NOT_ADMITTED}, or with {@code TEMPORARILY_UNAVAILABLE} if nobody can say. */
    CompletionStage<Boolean> require(PerformanceCache.Sale sale, PerformanceId performance, BuyerId buyer) {
        if (!sale.waitingRoom()) {
            return CompletableFuture.completedStage(true);
        }
        if (gate == null) {
            return CompletableFuture.failedStage(new RefusedException(
                    RefusalCode.TEMPORARILY_UNAVAILABLE, "The waiting room of this sale is not connected"));
        }
        return gate.isInside(performance, buyer).thenApply(inside -> {
            if (!inside) {
                throw new RefusedException(
                        RefusalCode.NOT_ADMITTED, "Join the waiting room of this sale and enter with its token");
            }
            return true;
        });
    }

    /**
     * Prolongs the buyer's place to the end of the hold, without waiting for it: the hold is stored whatever becomes of the
     * call, and the waiting room hears of it again through Kafka. A repeated answer about a hold that is over prolongs
     * nothing.
     */
    void held(PerformanceCache.Sale sale, ReservationHeld held) {
        if (gate == null || !sale.waitingRoom() || !held.heldUntil().isAfter(clock.instant())) {
            return;
        }
        try {
            gate.held(held.performanceId(), held.buyerId(), held.reservationId(), held.heldUntil())
                    .whenComplete((told, failure) -> {
                        if (failure != null) {
                            log.debug("The waiting room does not know yet of hold {}", held.reservationId(), failure);
                        }
                    });
        } catch (RuntimeException failure) {
            log.debug("The waiting room does not know yet of hold {}", held.reservationId(), failure);
        }
    }
}
