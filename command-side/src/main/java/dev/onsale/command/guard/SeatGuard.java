package dev.onsale.command.guard;

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
    CompletionStage<SeatClaims> claim(
            PerformanceId performance, ReservationId reservation, List<SeatLabel> seats, Instant now);

    /** Gives the claims of a refused reservation back; what others have by now stays theirs. */
    CompletionStage<Void> release(PerformanceId performance, ReservationId reservation, List<SeatLabel> seats);

    /** Tells the guard at once of a cancellation that the store already has; the log tells it again a moment later. */
    CompletionStage<Void> freed(PerformanceId performance, ReservationId reservation, List<SeatLabel> seats);

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

        /** The guard cannot say: it is away, or lost and not yet rebuilt. The seats decide alone. */
        record Away() implements SeatClaims {}
    }
}
