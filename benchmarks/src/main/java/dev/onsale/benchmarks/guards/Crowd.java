package dev.onsale.benchmarks.guards;

import dev.onsale.api.BuyerId;
import dev.onsale.api.Money;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusedException;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.performance.PriceZone;
import dev.onsale.api.performance.SchedulePerformance;
import dev.onsale.api.performance.SeatingPlan;
import dev.onsale.api.reservation.HoldSeats;
import dev.onsale.api.reservation.SeatClaim;
import dev.onsale.command.guard.seat.SeatGuard;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Away;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Granted;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Unguarded;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;

/** Simulated buyers of one command side: claims at the guard only, or up to a stored decision. Thread-safe. */
final class Crowd {

    static final int SEATS = 20_000;
    private static final int SEATS_PER_BUYER = 4;
    private static final int ROW = 500;

    private final SeatGuard guard;
    private final CommandGateway commands;
    private final List<SeatLabel> labels = new ArrayList<>();
    private final List<BuyerId> buyers = new ArrayList<>();
    private final LongAdder winners = new LongAdder();
    private final LongAdder busy = new LongAdder();

    Crowd(ConfigurableApplicationContext host) {
        guard = host.getBean(SeatGuard.class);
        commands = host.getBean(CommandGateway.class);
        for (int number = 0; number < SEATS; number++) {
            labels.add(SeatLabel.of("R" + number / ROW + "-" + number % ROW));
            buyers.add(BuyerId.of("buyer-" + number));
        }
    }

    long winners() {
        return winners.sum();
    }

    /** Number of refusals because a seat was busy. In production these are 503 responses. */
    long busy() {
        return busy.sum();
    }

    /** Creates a performance with {@value #SEATS} free seats and waits for its guard. */
    PerformanceId onSale() throws Exception {
        PerformanceId id = PerformanceId.next();
        Instant now = Instant.now();
        List<SeatingPlan.Row> rows = new ArrayList<>();
        for (int row = 0; row < SEATS / ROW; row++) {
            List<SeatingPlan.Seat> seats = new ArrayList<>();
            for (int seat = 0; seat < ROW; seat++) {
                seats.add(new SeatingPlan.Seat(labels.get(row * ROW + seat), Integer.toString(seat), 0, seat, row));
            }
            rows.add(new SeatingPlan.Row("R" + row, 0, row, seats));
        }
        SeatingPlan plan = new SeatingPlan(
                "Hall",
                List.of(new SeatingPlan.Category("Stalls", "")),
                List.of(new SeatingPlan.Zone("A", 0, 0, rows)),
                ROW,
                SEATS / ROW);
        commands.sendAndWait(
                new SchedulePerformance(
                        id,
                        "Tonight",
                        now.plus(Duration.ofDays(1)),
                        plan,
                        List.of(new PriceZone("Stalls", Money.of(4_900, "EUR"))),
                        now.minusSeconds(60),
                        now.plus(Duration.ofHours(8)),
                        SEATS_PER_BUYER,
                        Duration.ofHours(1),
                        false),
                30,
                TimeUnit.SECONDS);
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        SeatGuard.Request probe = new SeatGuard.Request(
                id, ReservationId.next(), BuyerId.of("probe"), List.of(labels.getFirst()), 4, Instant.EPOCH);
        while (guard.claim(probe).toCompletableFuture().get(10, TimeUnit.SECONDS) instanceof Away) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("The guard of a new performance is not available after 30 s");
            }
            Thread.onSpinWait();
        }
        return id;
    }

    /**
     * The n-th claim. Seat and buyer have no valid claim: each round through the hall uses a time one hour later than
     * the previous round.
     */
    CompletionStage<Boolean> claim(PerformanceId sale, ReservationId reservation, long number, Instant begun) {
        int index = (int) (number % SEATS);
        Instant now = begun.plus(Duration.ofHours(number / SEATS));
        return guard.claim(new SeatGuard.Request(
                        sale, reservation, buyers.get(index), List.of(labels.get(index)), SEATS_PER_BUYER, now))
                .thenApply(Granted.class::isInstance);
    }

    /**
     * Claims a seat that nine other buyers also want, retries while it is busy, and completes when the seat is held in
     * the store or taken.
     */
    CompletionStage<Boolean> decide(PerformanceId sale, ReservationId reservation, long number, int buyersPerSeat) {
        SeatLabel seat = labels.get((int) (number / buyersPerSeat));
        BuyerId buyer = BuyerId.of("buyer-" + number);
        return guard.claim(
                        new SeatGuard.Request(sale, reservation, buyer, List.of(seat), SEATS_PER_BUYER, Instant.now()))
                .thenCompose(claims -> {
                    if (claims instanceof SeatClaims.Busy) {
                        busy.increment();
                        return decide(sale, reservation, number, buyersPerSeat);
                    }
                    return decided(claims, sale, reservation, buyer, seat);
                });
    }

    private CompletionStage<Boolean> decided(
            SeatClaims claims, PerformanceId sale, ReservationId reservation, BuyerId buyer, SeatLabel seat) {
        return switch (claims) {
            case Granted granted ->
                hold(sale, reservation, buyer, seat, granted.fencingTokens().getFirst());
            case Unguarded unused -> hold(sale, reservation, buyer, seat, null);
            case SeatClaims.Taken unused -> CompletableFuture.completedStage(true);
            default -> CompletableFuture.completedStage(false);
        };
    }

    private CompletionStage<Boolean> hold(
            PerformanceId sale, ReservationId reservation, BuyerId buyer, SeatLabel seat, @Nullable Long token) {
        return commands.<Object>send(new HoldSeats(reservation, sale, buyer, List.of(new SeatClaim(seat, token))))
                .thenApply(held -> {
                    winners.increment();
                    return true;
                })
                .exceptionally(failure -> isRefusal(failure));
    }

    private static boolean isRefusal(@Nullable Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RefusedException refused) {
                return refused.code() == dev.onsale.api.RefusalCode.SEAT_TAKEN;
            }
        }
        return false;
    }
}
