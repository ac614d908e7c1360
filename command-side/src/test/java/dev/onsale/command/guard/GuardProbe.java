package dev.onsale.command.guard;

import static org.awaitility.Awaitility.await;

import dev.onsale.api.BuyerId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import dev.onsale.command.guard.seat.SeatGuard;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Away;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.springframework.context.ApplicationContext;

/** Asks the guard what it knows of a seat, with a claim of nobody's that is given back at once. */
public record GuardProbe(SeatGuard guard, Clock clock) {

    private static final int SEATS_PER_BUYER = 4;

    public static GuardProbe of(ApplicationContext host) {
        return new GuardProbe(host.getBean(SeatGuard.class), host.getBean(Clock.class));
    }

    public SeatClaims saysOf(PerformanceId sale, SeatLabel seat) {
        ReservationId nobody = ReservationId.next();
        BuyerId stranger = BuyerId.of("nobody");
        SeatClaims answer = answer(guard.claim(
                new SeatGuard.Request(sale, nobody, stranger, List.of(seat), SEATS_PER_BUYER, clock.instant())));
        guard.release(sale, nobody, stranger, List.of(seat))
                .toCompletableFuture()
                .orTimeout(5, TimeUnit.SECONDS)
                .join();
        return answer;
    }

    public void awaitComplete(PerformanceId sale, SeatLabel anySeat) {
        await("the guard of a new sale")
                .atMost(Duration.ofSeconds(60))
                .until(() -> !(saysOf(sale, anySeat) instanceof Away));
    }

    private static SeatClaims answer(CompletionStage<SeatClaims> asked) {
        return asked.toCompletableFuture().orTimeout(5, TimeUnit.SECONDS).join();
    }
}
