package dev.onsale.command.reservation;

import dev.onsale.api.Fault;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.performance.SeatingPlan;
import dev.onsale.api.seat.SeatSelection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The seats of a plan that an operator has named. */
final class SelectedSeats {

    private SelectedSeats() {}

    /**
     * In the order of the plan.
     *
     * @throws RefusedException with {@code INVALID_REQUEST}, {@code UNKNOWN_SEAT}, {@code DUPLICATE_SEAT} or {@code TOO_MANY_SEATS}
     */
    static List<SeatLabel> of(SeatingPlan plan, SeatSelection selection) {
        boolean byLabel = !selection.seats().isEmpty();
        RefusedException.require(
                byLabel == (selection.zone() == null) && (selection.row() == null || !byLabel),
                RefusalCode.INVALID_REQUEST,
                "Name either seats or a zone; a row is one of a zone");
        List<SeatLabel> seats = byLabel ? named(plan, selection.seats()) : ofZone(plan, selection);
        RefusedException.require(
                seats.size() <= SeatSelection.SEATS_MAX,
                RefusalCode.TOO_MANY_SEATS,
                "One request changes at most " + SeatSelection.SEATS_MAX + " seats, not " + seats.size());
        return seats;
    }

    private static List<SeatLabel> named(SeatingPlan plan, List<SeatLabel> labels) {
        Set<SeatLabel> wanted = new HashSet<>();
        for (SeatLabel label : labels) {
            RefusedException.require(
                    wanted.add(label), RefusalCode.DUPLICATE_SEAT, "Seat " + label + " is named twice");
        }
        Set<SeatLabel> unknown = new HashSet<>(wanted);
        List<SeatLabel> seats = plan.seats()
                .map(SeatingPlan.Seat::label)
                .filter(wanted::contains)
                .toList();
        seats.forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            List<Fault> faults = unknown.stream()
                    .sorted()
                    .limit(Fault.REPORTED_MAX)
                    .map(label -> new Fault(label.toString(), "not in the plan"))
                    .toList();
            throw new RefusedException(
                    RefusalCode.UNKNOWN_SEAT,
                    "The seating plan does not have " + unknown.size() + " of the seats",
                    faults,
                    unknown.size());
        }
        return seats;
    }

    private static List<SeatLabel> ofZone(SeatingPlan plan, SeatSelection selection) {
        List<SeatLabel> seats = plan.zones().stream()
                .filter(zone -> zone.name().equals(selection.zone()))
                .flatMap(zone -> zone.rows().stream())
                .filter(row -> selection.row() == null || row.number().equals(selection.row()))
                .flatMap(row -> row.seats().stream())
                .map(SeatingPlan.Seat::label)
                .toList();
        RefusedException.require(
                !seats.isEmpty(),
                RefusalCode.UNKNOWN_SEAT,
                "The seating plan has no seats in zone " + selection.zone()
                        + (selection.row() == null ? "" : ", row " + selection.row()));
        return seats;
    }
}
