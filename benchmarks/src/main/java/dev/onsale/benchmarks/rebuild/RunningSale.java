package dev.onsale.benchmarks.rebuild;

import dev.onsale.api.BuyerId;
import dev.onsale.api.Ids;
import dev.onsale.api.Money;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.api.performance.PriceZone;
import dev.onsale.api.performance.SchedulePerformance;
import dev.onsale.api.performance.SeatingPlan;
import dev.onsale.api.reservation.CancelReservation;
import dev.onsale.api.reservation.ConfirmReservation;
import dev.onsale.api.reservation.HoldSeats;
import dev.onsale.api.reservation.RequestPayment;
import dev.onsale.api.reservation.SeatClaim;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;

/** Sells the seats of several halls repeatedly with the application's commands: hold, pay, confirm, cancel. */
final class RunningSale {

    /** Events of one round: twice four seats and an allowance, and the events of one reservation. */
    static final int EVENTS_PER_ROUND = 18;

    private static final int HALLS = 40;
    private static final int SEATS = 2_000;
    private static final int SEATS_AT_ONCE = 4;
    private static final int IN_FLIGHT = 400;
    private static final Money PRICE = Money.of(4_900, "EUR");
    private static final PaymentMethod CARD = new PaymentMethod.Card("tok_approved");

    private final CommandGateway commands;
    private final List<PerformanceId> halls = new ArrayList<>();
    private long rounds;

    RunningSale(CommandGateway commands) {
        this.commands = commands;
    }

    void schedule() throws Exception {
        List<SeatingPlan.Seat> row = IntStream.rangeClosed(1, SEATS)
                .mapToObj(number ->
                        new SeatingPlan.Seat(SeatLabel.of("S-" + number), Integer.toString(number), 0, number, 0))
                .toList();
        SeatingPlan plan = new SeatingPlan(
                "Hall",
                List.of(new SeatingPlan.Category("A", "#E87722")),
                List.of(new SeatingPlan.Zone("Stalls", 0, 0, List.of(new SeatingPlan.Row("1", 0, 0, row)))),
                100,
                100);
        for (int hall = 0; hall < HALLS; hall++) {
            PerformanceId id = new PerformanceId(Ids.timeOrdered());
            halls.add(id);
            commands.send(new SchedulePerformance(
                            id,
                            "Evening " + hall,
                            Instant.parse("2099-01-01T19:00:00Z"),
                            plan,
                            List.of(new PriceZone("A", PRICE)),
                            Instant.parse("2020-01-01T00:00:00Z"),
                            Instant.parse("2099-01-01T00:00:00Z"),
                            SEATS_AT_ONCE,
                            Duration.ofMinutes(30),
                            false))
                    .get(30, TimeUnit.SECONDS);
        }
    }

    /** Writes approximately this number of events at the maximum rate. */
    void write(long events) throws InterruptedException {
        Semaphore inFlight = new Semaphore(IN_FLIGHT);
        AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();
        for (long written = 0; written < events && broken.get() == null; written += EVENTS_PER_ROUND) {
            if (!inFlight.tryAcquire(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("No round completed for 60 s");
            }
            var unused = round(true).whenComplete((done, failure) -> {
                if (failure != null) {
                    broken.compareAndSet(null, failure);
                }
                inFlight.release();
            });
        }
        if (!inFlight.tryAcquire(IN_FLIGHT, 60, TimeUnit.SECONDS) || broken.get() != null) {
            throw new IllegalStateException("A round of the sale failed", broken.get());
        }
    }

    /**
     * Holds at a constant rate until the future completes. Latency is measured from the scheduled time of each hold.
     */
    Histogram holdsPerSecond(int perSecond, Duration atLeast, CompletableFuture<?> until) throws InterruptedException {
        Histogram latency = new ConcurrentHistogram(TimeUnit.SECONDS.toNanos(60), 3);
        long interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
        long begun = System.nanoTime();
        Semaphore inFlight = new Semaphore(10 * IN_FLIGHT);
        for (long due = begun; !until.isDone() || due - begun < atLeast.toNanos(); due += interval) {
            long wait = due - System.nanoTime();
            if (wait > 0) {
                LockSupport.parkNanos(wait);
            }
            long from = due;
            if (!inFlight.tryAcquire(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("No hold had a response for 60 s");
            }
            var unused = round(false).whenComplete((done, failure) -> {
                latency.recordValue(Math.max(0, System.nanoTime() - from));
                inFlight.release();
            });
        }
        if (!inFlight.tryAcquire(10 * IN_FLIGHT, 60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("Not every hold had a response");
        }
        return latency;
    }

    /** Completes with the response to the hold. The seats are released in any case. */
    private CompletableFuture<Object> round(boolean paid) {
        long number = rounds++;
        PerformanceId hall = halls.get((int) (number % HALLS));
        int first = (int) (number / HALLS * SEATS_AT_ONCE % SEATS);
        List<SeatClaim> seats = IntStream.rangeClosed(first + 1, first + SEATS_AT_ONCE)
                .mapToObj(seat -> new SeatClaim(SeatLabel.of("S-" + seat), null))
                .toList();
        ReservationId reservation = ReservationId.next();
        PaymentId payment = new PaymentId(Ids.timeOrdered());
        BuyerId buyer = BuyerId.of("buyer-" + number);
        CompletableFuture<Object> held = send(new HoldSeats(reservation, hall, buyer, seats));
        CompletableFuture<Object> before = paid
                ? held.thenCompose(done -> send(new RequestPayment(reservation, hall, buyer, payment, CARD)))
                        .thenCompose(done -> send(new ConfirmReservation(reservation, hall, payment)))
                : held;
        CompletableFuture<Object> over =
                before.thenCompose(done -> send(new CancelReservation(reservation, hall, buyer)));
        return paid ? over : held;
    }

    private CompletableFuture<Object> send(OnsaleCommand command) {
        return commands.send(command);
    }
}
