package dev.onsale.saga.calloff;

import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusedException;
import dev.onsale.api.ReservationId;
import dev.onsale.api.reservation.BookingRevoked;
import dev.onsale.api.reservation.CallOffReservation;
import dev.onsale.api.reservation.ReservationCancelled;
import dev.onsale.api.seat.SeatBooked;
import dev.onsale.api.seat.SeatHeld;
import dev.onsale.eventlog.EventJson;
import dev.onsale.eventlog.StoredEvent;
import dev.onsale.eventlog.StoredEvents;
import dev.onsale.saga.calloff.CallOffTable.CallOff;
import dev.onsale.saga.calloff.CallOffTable.Outcome;
import dev.onsale.saga.reservation.CommandDispatcher;
import dev.onsale.saga.step.StepHandler;
import dev.onsale.saga.step.StepResult;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Ends the reservations of a show in batches. It looks for the holders of the seats in the log, writes them down, and only then ends
 * them, so a run that was cut off is continued by the next one. Ending a reservation twice changes nothing, and each refund is a step of
 * its own under the key of its payment. After the call-off nobody gets a seat, so one look at each seat is enough.
 */
@Component
class CallOffStepHandler implements StepHandler<CallOffStep> {

    private static final Logger LOG = LoggerFactory.getLogger(CallOffStepHandler.class);

    /** The pause while it is paused, and before failed reservations are tried again. */
    private static final Duration LONG_PAUSE = Duration.ofSeconds(2);

    private final CallOffTable table;
    private final StoredEvents log;
    private final CommandDispatcher commands;
    private final CallOffProperties settings;
    private final Clock clock;

    CallOffStepHandler(
            CallOffTable table, StoredEvents log, CommandDispatcher commands, CallOffProperties settings, Clock clock) {
        this.table = table;
        this.log = log;
        this.commands = commands;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public String kind() {
        return CallOffStep.KIND;
    }

    @Override
    public Class<CallOffStep> type() {
        return CallOffStep.class;
    }

    @Override
    public StepResult take(CallOffStep step) throws InterruptedException {
        PerformanceId performance = step.performanceId();
        Optional<CallOff> found = table.find(performance);
        if (found.isEmpty()) {
            return StepResult.done();
        }
        CallOff callOff = found.get();
        if (callOff.isPaused()) {
            return again(step, LONG_PAUSE);
        }
        int room = settings.openRefundsMax() - table.openRefunds(performance);
        if (room <= 0) {
            return again(step, settings.interval());
        }
        int limit = Math.min(room, settings.batchSizeMax());
        List<ReservationId> open = table.next(performance, Outcome.OPEN, limit);
        if (open.isEmpty() && !callOff.isScanned()) {
            scan(callOff);
            open = table.next(performance, Outcome.OPEN, limit);
            return ended(step, open, settings.interval());
        }
        if (!open.isEmpty()) {
            return ended(step, open, settings.interval());
        }
        List<ReservationId> failed = table.next(performance, Outcome.FAILED, limit);
        return failed.isEmpty() ? StepResult.done() : ended(step, failed, LONG_PAUSE);
    }

    private StepResult ended(CallOffStep step, List<ReservationId> reservations, Duration pause)
            throws InterruptedException {
        for (ReservationId reservation : reservations) {
            end(step.performanceId(), reservation);
        }
        return again(step, pause);
    }

    private StepResult again(CallOffStep step, Duration pause) {
        return new StepResult.Again(step, clock.instant().plus(pause));
    }

    /** One reservation that cannot be ended keeps none of the others; it is tried again after them. */
    private void end(PerformanceId performance, ReservationId reservation) throws InterruptedException {
        try {
            Object fact = commands.send(new CallOffReservation(reservation, performance));
            Outcome outcome = fact instanceof BookingRevoked
                    ? Outcome.REVOKED
                    : fact instanceof ReservationCancelled ? Outcome.RELEASED : Outcome.ENDED_BEFORE;
            table.ended(reservation, outcome, null);
        } catch (RefusedException | IllegalStateException failure) {
            LOG.warn("Reservation {} of a show that was called off cannot be ended yet", reservation, failure);
            table.ended(reservation, Outcome.FAILED, failure.toString());
        }
    }

    /** The holders of the next seats, from the newest event of each. Served by the unique key of the log, in bounded memory. */
    private void scan(CallOff callOff) {
        String prefix = callOff.performanceId() + ":";
        List<StoredEvent> newest = log.newestWithPrefix(prefix, callOff.scannedTo(), settings.batchSizeMax(), 1);
        Set<ReservationId> holders = new LinkedHashSet<>();
        for (StoredEvent event : newest) {
            switch (EventJson.read(event.type(), event.version(), event.payloadJson())) {
                case SeatHeld held -> holders.add(held.reservationId());
                case SeatBooked booked -> holders.add(booked.reservationId());
                default -> {}
            }
        }
        String scannedTo =
                newest.isEmpty() ? callOff.scannedTo() : newest.getLast().aggregateId();
        table.found(callOff.performanceId(), holders, scannedTo, newest.size() < settings.batchSizeMax());
    }
}
