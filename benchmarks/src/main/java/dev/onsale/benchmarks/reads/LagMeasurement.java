package dev.onsale.benchmarks.reads;

import dev.onsale.api.BuyerId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.reservation.CancelReservation;
import dev.onsale.api.reservation.HoldSeats;
import dev.onsale.api.reservation.SeatClaim;
import dev.onsale.eventlog.StoredEvents;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/**
 * Holds and cancels seats at a constant rate, and measures from a command's answer, which follows the commit, until the
 * reservation's row exists. Used by one thread.
 */
final class LagMeasurement {

    static final int SEATS_AT_ONCE = 4;

    /** Holding four seats and cancelling the hold: twice four seats, two of the allowance and two of the reservation. */
    static final int EVENTS_PER_ROUND = 12;

    private static final int WATCHED_EACH = 10;
    private static final int WATCHED_AT_ONCE_MAX = 200;
    private static final int IN_FLIGHT_MAX = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ApplicationContext onsale;
    private final CommandGateway commands;
    private final PerformanceId performance;
    private final int firstSeat;
    private final int seats;
    private long held;

    /**
     * @param firstSeat first of the seats that are held and cancelled
     * @param seats number of them
     */
    LagMeasurement(ApplicationContext onsale, PerformanceId performance, int firstSeat, int seats) {
        this.onsale = onsale;
        this.commands = onsale.getBean(CommandGateway.class);
        this.performance = performance;
        this.firstSeat = firstSeat;
        this.seats = seats;
    }

    /** @param eventsPerSecond as written */
    record Lag(Histogram nanos, double eventsPerSecond) {

        double p50Millis() {
            return nanos.getValueAtPercentile(50) / 1e6;
        }

        double p99Millis() {
            return nanos.getValueAtPercentile(99) / 1e6;
        }
    }

    CompletableFuture<Object> hold(int first, BuyerId buyer, ReservationId reservation) {
        List<SeatClaim> claims = IntStream.range(first, first + SEATS_AT_ONCE)
                .mapToObj(seat -> new SeatClaim(SeatLabel.of("S-" + seat), null))
                .toList();
        return commands.send(new HoldSeats(reservation, performance, buyer, claims));
    }

    Lag measure(Duration time, int eventsPerSecond) throws InterruptedException {
        Histogram lag = new ConcurrentHistogram(TimeUnit.SECONDS.toNanos(120), 3);
        StoredEvents log = onsale.getBean(StoredEvents.class);
        long head = log.head();
        long begun = System.nanoTime();
        load(time, eventsPerSecond, lag);
        return new Lag(lag, (log.head() - head) * 1e9 / (System.nanoTime() - begun));
    }

    /** Every tenth reservation is observed, all of them with one query. */
    private void load(Duration time, int eventsPerSecond, Histogram lag) throws InterruptedException {
        Map<String, Long> committedAt = new ConcurrentHashMap<>();
        AtomicBoolean done = new AtomicBoolean();
        Thread watcher = Thread.ofPlatform().daemon().name("watcher").start(() -> watch(committedAt, done, lag));
        long interval = TimeUnit.SECONDS.toNanos(1) * EVENTS_PER_ROUND / eventsPerSecond;
        long begun = System.nanoTime();
        for (long due = begun; due - begun < time.toNanos(); due += interval) {
            long wait = due - System.nanoTime();
            if (wait > 0) {
                LockSupport.parkNanos(wait);
            }
            var unused = holdAndCancel(committedAt);
        }
        done.set(true);
        if (!watcher.join(PATIENCE)) {
            throw new IllegalStateException("Rows did not exist within " + PATIENCE);
        }
    }

    /** Writes about so many events as fast as the writers take them. */
    void write(int events) throws InterruptedException {
        Semaphore inFlight = new Semaphore(IN_FLIGHT_MAX);
        for (int round = 0; round < events / EVENTS_PER_ROUND; round++) {
            if (!inFlight.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("No answer within " + PATIENCE);
            }
            var unused = holdAndCancel(new ConcurrentHashMap<>()).whenComplete((answer, failure) -> inFlight.release());
        }
        if (!inFlight.tryAcquire(IN_FLIGHT_MAX, PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("No answer within " + PATIENCE);
        }
    }

    private CompletableFuture<Object> holdAndCancel(Map<String, Long> committedAt) {
        long number = held++;
        int first = firstSeat + (int) (number % (seats / SEATS_AT_ONCE) * SEATS_AT_ONCE);
        BuyerId buyer = BuyerId.of("watched-" + number);
        ReservationId reservation = ReservationId.next();
        return hold(first, buyer, reservation).thenCompose(answer -> {
            if (number % WATCHED_EACH == 0) {
                committedAt.put(reservation.toString(), System.nanoTime());
            }
            return commands.send(new CancelReservation(reservation, performance, buyer));
        });
    }

    private void watch(Map<String, Long> committedAt, AtomicBoolean done, Histogram lag) {
        NamedParameterJdbcTemplate jdbc = new NamedParameterJdbcTemplate(onsale.getBean(javax.sql.DataSource.class));
        while (!done.get() || !committedAt.isEmpty()) {
            List<String> waiting =
                    committedAt.keySet().stream().limit(WATCHED_AT_ONCE_MAX).toList();
            if (!waiting.isEmpty()) {
                List<String> there = jdbc.queryForList(
                        "SELECT reservation_id FROM reservation_view WHERE reservation_id IN (:waiting)",
                        Map.of("waiting", waiting),
                        String.class);
                long now = System.nanoTime();
                there.forEach(reservation -> {
                    Long committed = committedAt.remove(reservation);
                    if (committed != null) {
                        lag.recordValue(now - committed);
                    }
                });
            }
            LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
        }
    }
}
