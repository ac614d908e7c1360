package dev.onsale.rehearsal;

import dev.onsale.api.BuyerId;
import dev.onsale.proof.invariant.Acknowledgements;
import dev.onsale.rehearsal.client.Deadline;
import dev.onsale.rehearsal.client.Outcome;
import dev.onsale.rehearsal.client.Outcome.Done;
import dev.onsale.rehearsal.client.Outcome.Refused;
import dev.onsale.rehearsal.client.Outcome.Unknown;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends the requests of a simulated person: once or as a double click, with retries under the same key while the server
 * is busy or does not respond. Records the buyers with a request whose outcome is unknown. Thread-safe.
 */
final class RequestRetry {

    private static final int TRIES_MAX = 8;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    /**
     * Refusals that may differ between two concurrent requests: the seat may become free in between, so the later one
     * gets it.
     */
    private static final Set<String> MAY_CHANGE = Set.of("SEAT_TAKEN");

    private final Acknowledgements told;
    private final RehearsalCounters tally;
    private final Deadline deadline;

    RequestRetry(Acknowledgements told, RehearsalCounters tally, Deadline deadline) {
        this.told = told;
        this.tally = tally;
        this.deadline = deadline;
    }

    /** A request that is safe to retry. */
    interface Request<T> {
        Outcome<T> send() throws InterruptedException;
    }

    /** @param what kind of request for the report, such as {@code hold} */
    <T> Outcome<T> ask(BuyerId buyer, String what, boolean twice, Request<T> request) throws InterruptedException {
        boolean doubt = true;
        try {
            Duration pause = FIRST_PAUSE;
            boolean earlierDoubt = false;
            for (int tries = 1; ; tries++) {
                Outcome<T> outcome = twice && tries == 1 ? doubleClick(buyer, what, request) : once(what, request);
                earlierDoubt |= leavesDoubt(outcome);
                if (!isWorthAnother(outcome) || tries == TRIES_MAX || deadline.isOver()) {
                    doubt = earlierDoubt && !(outcome instanceof Done<T>);
                    if (outcome instanceof Unknown<T> unknown) {
                        tally.neverAnswered(unknown.why());
                    }
                    return outcome;
                }
                deadline.pause(
                        outcome instanceof Refused<T> no ? no.retryAfter().orElse(pause) : pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        } finally {
            // Also if the end of the run interrupts a request.
            if (doubt) {
                told.inDoubt(buyer);
            }
        }
    }

    private static <T> boolean leavesDoubt(Outcome<T> outcome) {
        return switch (outcome) {
            case Done<T> done -> false;
            case Refused<T> no -> no.leavesDoubt();
            case Unknown<T> unknown -> true;
        };
    }

    private static <T> boolean isWorthAnother(Outcome<T> outcome) {
        return switch (outcome) {
            case Done<T> done -> false;
            case Refused<T> no -> no.isPassing();
            case Unknown<T> unknown -> true;
        };
    }

    private <T> Outcome<T> once(String what, Request<T> request) throws InterruptedException {
        Outcome<T> outcome = request.send();
        if (outcome instanceof Refused<T> no) {
            tally.refused(what, no.code());
        } else if (outcome instanceof Unknown<T>) {
            tally.unanswered();
        }
        return outcome;
    }

    /** Sends the same request twice at the same time. Both must have the same outcome. */
    private <T> Outcome<T> doubleClick(BuyerId buyer, String what, Request<T> request) throws InterruptedException {
        tally.saw(RehearsalCounters.Sight.DOUBLE_CLICK);
        FutureTask<Outcome<T>> second = new FutureTask<>(() -> once(what, request));
        Thread thread = Thread.ofVirtual().start(second);
        try {
            Outcome<T> first = once(what, request);
            return asOne(buyer, what, first, second.get(deadline.remaining().toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return new Unknown<>(
                    "the second request of a double click on " + what + " had no response before the end of the run");
        } catch (ExecutionException e) {
            throw new IllegalStateException("A request failed in this client", e.getCause());
        } finally {
            thread.interrupt();
        }
    }

    private <T> Outcome<T> asOne(BuyerId buyer, String what, Outcome<T> first, Outcome<T> second) {
        if (first instanceof Done<T> done) {
            requireSame(buyer, what, done, second);
            return first;
        }
        if (second instanceof Done<T> done) {
            requireSame(buyer, what, done, first);
            return second;
        }
        // Neither request succeeded. The less certain outcome counts, because it is retried.
        return leavesDoubt(second) ? second : first;
    }

    private <T> void requireSame(BuyerId buyer, String what, Done<T> yes, Outcome<T> other) {
        boolean differs =
                switch (other) {
                    case Done<T> also -> !yes.value().equals(also.value());
                    case Refused<T> no -> !no.isPassing() && !MAY_CHANGE.contains(no.code());
                    case Unknown<T> unknown -> false;
                };
        if (differs) {
            told.contradiction(
                    "A double click of " + buyer + " on " + what + " got the responses " + yes + " and " + other);
        } else if (other instanceof Refused<T>) {
            tally.saw(RehearsalCounters.Sight.YES_AND_NO);
        }
    }
}
