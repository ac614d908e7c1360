package dev.onsale.command.seating;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.SeatId;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.api.seat.SeatBlocked;
import dev.onsale.api.seat.SeatBooked;
import dev.onsale.api.seat.SeatEvent;
import dev.onsale.api.seat.SeatFreed;
import dev.onsale.api.seat.SeatHeld;
import dev.onsale.api.seat.SeatHoldExpired;
import dev.onsale.api.seat.SeatReleased;
import dev.onsale.api.seat.SeatUnblocked;
import dev.onsale.api.seat.TicketCheckedIn;
import dev.onsale.command.store.WriteClaim;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;

/**
 * The free seats of the performances that are asked for their best ones: read from the log at the first question, kept in step by
 * the writer that decides, forgotten when what it decided was not written. Advice like a guard's: the seats decide, and what
 * another node wrote is learned from them.
 */
public final class FreeSeatsIndex {

    /** Seats of all performances in memory together; about 150 bytes each. */
    private static final long SEATS_MAX = 500_000;

    /** Between two readings to find seats that another node freed. */
    private static final long READ_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** A writer spends at most one part in this many on such readings. */
    private static final long READ_SHARE = 50;

    private static final String CHANGES = FreeSeatsIndex.class.getName();

    private final LastSeatFacts facts;
    private final Cache<PerformanceId, Known> halls = Caffeine.newBuilder()
            .maximumWeight(SEATS_MAX)
            .weigher((PerformanceId id, Known known) -> Math.max(1, known.seats.seats()))
            .build();
    private final Timer reading;
    private final Counter forgotten;

    /** The last fact of each seat of a performance that has any. */
    @FunctionalInterface
    public interface LastSeatFacts {
        void read(PerformanceId performance, Consumer<SeatEvent> reader);
    }

    private record Known(FreeSeats seats, long readAtNanos, long tookNanos, long epoch) {

        /** Under another epoch of the shard another node may have written. */
        boolean isCurrent() {
            return epoch == WriteClaim.currentEpoch();
        }

        boolean mayBeReadAgain(long nowNanos) {
            return nowNanos - readAtNanos > Math.max(READ_PAUSE_NANOS, READ_SHARE * tookNanos);
        }
    }

    public FreeSeatsIndex(LastSeatFacts facts, MeterRegistry registry) {
        this.facts = facts;
        reading = Timer.builder("onsale.seating.read")
                .description("Time to read the free seats of one performance from the log")
                .register(registry);
        forgotten = Counter.builder("onsale.seating.forgotten")
                .description("Times the free seats of a performance were forgotten because a decision was not written")
                .register(registry);
    }

    public FreeSeats of(PerformanceScheduled sale) {
        Known known = halls.getIfPresent(sale.performanceId());
        return known != null && known.isCurrent() ? known.seats : read(sale);
    }

    /**
     * Reads the log again, if that was not done a moment ago: there seem to be too few seats, and another node may have freed some.
     *
     * @return whether it was read
     */
    public boolean readAgain(PerformanceScheduled sale) {
        Known known = halls.getIfPresent(sale.performanceId());
        if (known != null && known.isCurrent() && !known.mayBeReadAgain(System.nanoTime())) {
            return false;
        }
        FreeSeats unused = read(sale);
        return true;
    }

    private FreeSeats read(PerformanceScheduled sale) {
        long begun = System.nanoTime();
        FreeSeats seats = new FreeSeats(sale.seatingPlan());
        facts.read(
                sale.performanceId(),
                fact -> seats.set(
                        fact.seatId().seat(),
                        switch (fact) {
                            case SeatHeld held -> held.heldUntil().toEpochMilli();
                            case SeatBooked booked -> FreeSeats.NEVER;
                            case SeatBlocked blocked -> FreeSeats.NEVER;
                            case TicketCheckedIn used -> FreeSeats.NEVER;
                            case SeatReleased released -> FreeSeats.FREE;
                            case SeatHoldExpired expired -> FreeSeats.FREE;
                            case SeatFreed freed -> FreeSeats.FREE;
                            case SeatUnblocked unblocked -> FreeSeats.FREE;
                        }));
        changesOfThisBatch().forEach((seat, until) -> {
            if (seat.performanceId().equals(sale.performanceId())) {
                seats.set(seat.seat(), until);
            }
        });
        long now = System.nanoTime();
        reading.record(now - begun, TimeUnit.NANOSECONDS);
        halls.put(sale.performanceId(), new Known(seats, now, now - begun, WriteClaim.currentEpoch()));
        return seats;
    }

    public void held(SeatId seat, Instant until) {
        changed(seat, until.toEpochMilli());
    }

    public void booked(SeatId seat) {
        changed(seat, FreeSeats.NEVER);
    }

    public void blocked(SeatId seat) {
        changed(seat, FreeSeats.NEVER);
    }

    public void freed(SeatId seat) {
        changed(seat, FreeSeats.FREE);
    }

    private void changed(SeatId seat, long until) {
        UnitOfWork<?> unit = CurrentUnitOfWork.get();
        changesOfThisBatch().put(seat, until);
        Set<SeatId> ofUnit = unit.getOrComputeResource(CHANGES + ".unit", key -> {
            Set<SeatId> fresh = new HashSet<>();
            unit.onRollback(lost -> forget(lost, fresh));
            return fresh;
        });
        ofUnit.add(seat);
        Known known = halls.getIfPresent(seat.performanceId());
        if (known != null) {
            known.seats.set(seat.seat(), until);
        }
    }

    private void forget(UnitOfWork<?> unit, Set<SeatId> changed) {
        Map<SeatId, Long> batch = unit.root().getResource(CHANGES);
        for (SeatId seat : changed) {
            if (batch != null) {
                batch.remove(seat);
            }
            if (halls.asMap().remove(seat.performanceId()) != null) {
                forgotten.increment();
            }
        }
    }

    /** What the log cannot tell yet: a batch is written as a whole, after its last command. */
    private static Map<SeatId, Long> changesOfThisBatch() {
        return CurrentUnitOfWork.get().root().getOrComputeResource(CHANGES, key -> new HashMap<>());
    }
}
