package dev.onsale.proof.invariant;

import dev.onsale.api.AllowanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.allowance.AllowanceEvent;
import dev.onsale.api.allowance.AllowanceReturned;
import dev.onsale.api.allowance.AllowanceUsed;
import java.util.HashMap;
import java.util.Map;

/** Folds the allowance events: how many seats each buyer has taken. */
final class AllowanceFold {

    private final Findings findings;
    private final SeatFold.SeatLimits limits;
    private final Map<AllowanceId, Map<ReservationId, Integer>> used = new HashMap<>();

    AllowanceFold(Findings findings, SeatFold.SeatLimits limits) {
        this.findings = findings;
        this.limits = limits;
    }

    void on(long position, AllowanceEvent event) {
        AllowanceId id = new AllowanceId(event.performanceId(), event.buyerId());
        Map<ReservationId, Integer> of = used.computeIfAbsent(id, key -> new HashMap<>());
        switch (event) {
            case AllowanceUsed taken -> {
                if (of.put(taken.reservationId(), taken.seats()) != null) {
                    broken(position, id, "is used twice by " + taken.reservationId());
                }
                requireSum(position, id, taken.seatsInUse());
                Integer limit = limits.maxSeatsPerBuyer(event.performanceId());
                if (limit != null && seatsOf(id) > limit) {
                    broken(position, id, "is " + seatsOf(id) + " seats, allowed are " + limit);
                }
            }
            case AllowanceReturned returned -> {
                Integer seats = of.get(returned.reservationId());
                if (seats == null || returned.seats() < 1 || seats < returned.seats()) {
                    broken(position, id, "gets " + returned.seats() + " seats back, taken were " + seats);
                }
                of.computeIfPresent(
                        returned.reservationId(),
                        (reservation, taken) -> taken > returned.seats() ? taken - returned.seats() : null);
                requireSum(position, id, returned.seatsInUse());
            }
        }
    }

    /** Compares the allowances with the seats. To be called at the end of a complete log. */
    void compareWith(SeatFold seats) {
        used.forEach((id, taken) -> {
            int has = seats.seatsOf(id.performanceId(), id.buyerId());
            if (seatsOf(id) != has) {
                findings.add(
                        Invariant.SEATS_AGREE_WITH_RESERVATIONS,
                        "The allowance of " + id.buyerId() + " says " + seatsOf(id) + " seats, the seats say " + has);
            }
        });
    }

    private void requireSum(long position, AllowanceId id, int stated) {
        if (stated != seatsOf(id)) {
            broken(position, id, "states " + stated + " seats in use, its facts add up to " + seatsOf(id));
        }
    }

    private int seatsOf(AllowanceId id) {
        return used.getOrDefault(id, Map.of()).values().stream()
                .mapToInt(Integer::intValue)
                .sum();
    }

    private void broken(long position, AllowanceId id, String what) {
        findings.add(
                Invariant.ALLOWANCE_KEPT,
                "The allowance of " + id.buyerId() + " " + what + ", at position " + position);
    }
}
