package dev.onsale.command.guard.seat;

import dev.onsale.api.BuyerId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Refuses holds of a performance that have no chance. The guard may be wrong; the seats decide. All its data can be rebuilt from
 * the event store.
 */
public interface SeatGuard {

    /** Claims all seats for a reservation, or none. A repeat for the same reservation is granted again. */
    CompletionStage<SeatClaims> claim(Request request);

    /** Releases the claims of a refused reservation. Seats that others have claimed since stay claimed. */
    CompletionStage<Void> release(
            PerformanceId performance, ReservationId reservation, BuyerId buyer, List<SeatLabel> seats);

    /** Frees seats of a cancellation that is already stored. The log repeats it a moment later. */
    CompletionStage<Void> freed(
            PerformanceId performance, ReservationId reservation, BuyerId buyer, List<SeatLabel> seats);

    /** As {@link #freed}, of a reservation that keeps its other seats. */
    CompletionStage<Void> freedPartly(
            PerformanceId performance, ReservationId reservation, BuyerId buyer, List<SeatLabel> seats);

    /**
     * A request for seats.
     *
     * @param seats of the seating plan, each once, at least one
     * @param seatsPerBuyerMax what one buyer may hold and own of this performance
     * @param now the start of the claim, which expires some seconds later
     */
    record Request(
            PerformanceId performance,
            ReservationId reservation,
            BuyerId buyer,
            List<SeatLabel> seats,
            int seatsPerBuyerMax,
            Instant now) {
        public Request {
            seats = List.copyOf(seats);
        }
    }

    /** The result of a claim. */
    sealed interface SeatClaims {

        /**
         * @param fencingTokens one per seat, in the order of the request, each greater than any before for its seat
         */
        record Granted(List<Long> fencingTokens) implements SeatClaims {
            public Granted {
                fencingTokens = List.copyOf(fencingTokens);
            }
        }

        record Taken(SeatLabel seat) implements SeatClaims {}

        /** An operator took the seat off sale. */
        record Blocked(SeatLabel seat) implements SeatClaims {}

        /**
         * The buyer would have more than the limit of seats.
         *
         * @param seatsInUse held, owned and claimed by the buyer now
         */
        record LimitReached(int seatsInUse) implements SeatClaims {}

        /** Too many requests for these seats at the same time; nothing was claimed. */
        record Busy() implements SeatClaims {}

        /** The strategy has no guard: the seats decide, and the writers' queues are the limit. */
        record Unguarded() implements SeatClaims {}

        /** The guard is away, or lost and not yet rebuilt. The seats decide, a limited number at a time. */
        record Away() implements SeatClaims {}
    }
}
