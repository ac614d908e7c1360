package dev.onsale.command.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.command.performance.SaleFacts;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Lets through who is inside the waiting room of a sale that has one. Holding passes here. Paying does not: the reservation is the right to pay. */
@Component
class AdmissionDesk {

    private final @Nullable AdmissionGate gate;

    AdmissionDesk(ObjectProvider<AdmissionGate> gate) {
        this.gate = gate.getIfAvailable();
    }

    /** Fails with {@code NOT_ADMITTED}, or with {@code TEMPORARILY_UNAVAILABLE} if nobody can say. */
    CompletionStage<Boolean> require(SaleFacts.Sale sale, PerformanceId performance, BuyerId buyer) {
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
}
