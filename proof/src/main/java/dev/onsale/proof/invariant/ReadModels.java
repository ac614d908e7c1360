package dev.onsale.proof.invariant;

import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.view.ReservationStatus;
import dev.onsale.api.view.SeatState;
import java.util.Map;

/**
 * A snapshot of the read models.
 *
 * @param seats state of every seat of the performance
 * @param reservations status of each known reservation that is in the log
 * @param couponsIssued number of coupons issued by the campaign
 */
public record ReadModels(
        PerformanceId performance,
        Map<SeatLabel, SeatState> seats,
        Map<ReservationId, ReservationStatus> reservations,
        long couponsIssued) {

    public ReadModels {
        seats = Map.copyOf(seats);
        reservations = Map.copyOf(reservations);
    }

    /** All differences from the log. */
    public Findings compareWith(LogFold log) {
        Findings findings = new Findings();
        Map<SeatLabel, SeatState> taken = log.takenSeats(performance);
        seats.forEach((label, state) -> {
            SeatState expected = taken.getOrDefault(label, SeatState.AVAILABLE);
            boolean blocked = state == SeatState.BLOCKED && expected == SeatState.AVAILABLE;
            if (state != expected && !blocked) {
                differs(findings, "the seat map shows " + label + " as " + state + ", the log says " + expected);
            }
        });
        taken.forEach((label, state) -> {
            if (!seats.containsKey(label)) {
                differs(findings, "the seat map has no seat " + label + ", the log says " + state);
            }
        });
        log.reservationStatuses().forEach((id, expected) -> {
            ReservationStatus status = reservations.get(id);
            if (status != expected) {
                differs(findings, "reservation " + id + " reads " + status + ", the log says " + expected);
            }
        });
        if (couponsIssued != log.couponsIssued()) {
            differs(findings, "the campaign reads " + couponsIssued + " issued, the log says " + log.couponsIssued());
        }
        return findings;
    }

    private static void differs(Findings findings, String what) {
        findings.add(Invariant.READ_MODELS_EQUAL_THE_LOG, what);
    }
}
