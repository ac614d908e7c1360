package dev.onsale.command.seating;

import dev.onsale.api.SeatLabel;
import dev.onsale.api.performance.SeatingPlan;
import java.time.Instant;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The free seats of one performance as its writer knows them. A hold counts until its own end; whether a payment keeps the seats
 * longer only the reservation knows, so the writer asks it about the seats that are chosen and tells the end it learned.
 */
public final class FreeSeats {

    /** The end of a booking. */
    static final long NEVER = Long.MAX_VALUE;

    /** The end of nothing: the seat is free. */
    static final long FREE = 0;

    private final Hall hall;
    private final FreePlaces vacancies;
    private final long[] takenUntil;
    private final BitSet everTaken = new BitSet();
    private final PriorityQueue<HoldEnd> holdEnds = new PriorityQueue<>(Comparator.comparingLong(HoldEnd::until));

    private record HoldEnd(int place, long until) {}

    /** All seats are free. */
    public FreeSeats(SeatingPlan plan) {
        hall = new Hall(plan);
        vacancies = new FreePlaces(hall);
        takenUntil = new long[hall.seats()];
        Arrays.fill(takenUntil, FREE);
    }

    int seats() {
        return hall.seats();
    }

    /**
     * The best free seats, or none if there are not so many.
     *
     * @param category name of a price category, or {@code null} for any; one that the plan has
     */
    public synchronized Optional<List<SeatLabel>> best(int quantity, @Nullable String category, Instant now) {
        endHolds(now.toEpochMilli());
        Integer index = hall.category(category);
        return index == null
                ? Optional.empty()
                : BestSeats.choose(vacancies, quantity, index)
                        .map(places ->
                                Arrays.stream(places).mapToObj(hall::label).toList());
    }

    /** The seat turned out to be kept until that instant. */
    public void heldUntil(SeatLabel seat, Instant until) {
        set(seat, until.toEpochMilli());
    }

    /** The seat turned out to be sold, or is not free for a reason that only the log can tell. */
    public void taken(SeatLabel seat) {
        set(seat, NEVER);
    }

    /** Whether the log had no fact of the seat when it was last asked, and none was written here since. */
    public synchronized boolean wasNeverTaken(SeatLabel seat) {
        Integer place = hall.placeOf(seat);
        return place != null && !everTaken.get(place);
    }

    synchronized void set(SeatLabel seat, long until) {
        Integer place = hall.placeOf(seat);
        if (place == null) {
            return;
        }
        everTaken.set(place);
        takenUntil[place] = until;
        vacancies.set(place, until == FREE);
        if (until != FREE && until != NEVER) {
            if (holdEnds.size() >= 4 * hall.seats()) {
                // Ends of holds that were given up long before their time; those that count are few.
                holdEnds.removeIf(end -> takenUntil[end.place] != end.until);
            }
            holdEnds.add(new HoldEnd(place, until));
        }
    }

    private void endHolds(long now) {
        while (true) {
            HoldEnd first = holdEnds.peek();
            if (first == null || first.until > now) {
                return;
            }
            holdEnds.remove();
            if (takenUntil[first.place] == first.until) {
                takenUntil[first.place] = FREE;
                vacancies.set(first.place, true);
            }
        }
    }
}
