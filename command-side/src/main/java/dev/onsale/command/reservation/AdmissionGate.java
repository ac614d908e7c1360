package dev.onsale.command.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.PerformanceId;
import java.util.concurrent.CompletionStage;

/** Asks the waiting room whether a buyer is inside. Whoever assembles the process connects it. */
public interface AdmissionGate {

    /** Whether the buyer has been admitted to the sale and has entered; fails if the waiting room is away. */
    CompletionStage<Boolean> isInside(PerformanceId sale, BuyerId buyer);
}
