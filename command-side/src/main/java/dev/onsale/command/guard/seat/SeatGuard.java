package dev.onsale.command.guard.seat;

import dev.onsale.api.BuyerId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Stands in front of the seats of a performance and lets through only who has a chance. Its word is advice: the seats decide
 * again, and everything it knows can be rebuilt from the store.
 */
public interface SeatGuard {

    /** Claims all seats for a reservation, or none. A repeat for the same reservation is granted again. */
    CompletionStage<SeatClaims> claim(Request request);

    /** Gives the claims of a refused reservation back; what others have by now stays theirs. */
    CompletionStage<Void> release(
            PerformanceId performance, ReservationId reservation, BuyerId buyer, List<SeatLabel> seats);

    /** Tells the guard at once of a cancellation that the store already has; the log tells it again a moment later. */
    CompletionStage<Void> freed(
            PerformanceId performance, ReservationId reservation, BuyerId buyer, List<SeatLabel> seats);

    /**
     * Who wants what.
     *
     * @param seats of the seating plan, each once, at least one
     * @param seatsPerBuyerMax what one buyer may hold and own of this performance
     * @param now a claim lapses some seconds after it
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

    /** What came of a claim. */
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

        /**
         * The buyer would have more than the limit of seats.
         *
         * @param seatsInUse held, owned and claimed by the buyer now
         */
        record LimitReached(int seatsInUse) implements SeatClaims {}

        /** Too many want these seats at this instant; nothing was claimed. */
        record Busy() implements SeatClaims {}

        /** There is no guard by choice: the seats decide alone, and the writers' queues are the limit. */
        record Unguarded() implements SeatClaims {}

        /** The guard cannot say: it is away, or lost and not yet rebuilt. The seats decide alone, a few at a time. */
        record Away() implements SeatClaims {}
    }
}
