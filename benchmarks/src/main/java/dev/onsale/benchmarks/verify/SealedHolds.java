package dev.onsale.benchmarks.verify;

import dev.onsale.api.BuyerId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.reservation.HoldSeats;
import dev.onsale.api.reservation.SeatClaim;
import dev.onsale.benchmarks.OnsaleServer;
import dev.onsale.benchmarks.checkout.CheckoutBench;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.gateway.CommandGateway;

/** Holds of seats per second, with or without the sealer in the same process. */
final class SealedHolds {

    private static final int IN_FLIGHT_MAX = 2_000;
    private static final long PATIENCE_SECONDS = 60;

    private SealedHolds() {}

    static double perSecond(Path folder, boolean sealed, int holds) throws Exception {
        try (OnsaleServer server = OnsaleServer.start(
                folder,
                List.of(
                        "--onsale.payment.base-url=http://127.0.0.1:9",
                        "--onsale.seals.enabled=" + sealed,
                        "--onsale.seals.pause=100ms"))) {
            CommandGateway commands = server.context().getBean(CommandGateway.class);
            holds(commands, holds);
            return holds(commands, holds);
        }
    }

    private static double holds(CommandGateway commands, int holds) throws Exception {
        PerformanceId performance = PerformanceId.next();
        commands.send(CheckoutBench.schedule(performance, holds)).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        Semaphore inFlight = new Semaphore(IN_FLIGHT_MAX);
        long began = System.nanoTime();
        for (int number = 0; number < holds; number++) {
            if (!inFlight.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("No response for " + PATIENCE_SECONDS + " s");
            }
            var unused = commands.send(new HoldSeats(
                            ReservationId.next(),
                            performance,
                            BuyerId.of("buyer-" + number),
                            List.of(new SeatClaim(CheckoutBench.label(number), null))))
                    .whenComplete((answer, failure) -> {
                        inFlight.release();
                        if (failure != null) {
                            System.err.println("failed: " + failure);
                        }
                    });
        }
        if (!inFlight.tryAcquire(IN_FLIGHT_MAX, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("No response for " + PATIENCE_SECONDS + " s");
        }
        return holds / ((System.nanoTime() - began) / 1e9);
    }
}
