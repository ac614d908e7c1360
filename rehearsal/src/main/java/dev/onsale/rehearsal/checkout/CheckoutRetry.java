package dev.onsale.rehearsal.checkout;

import dev.onsale.rehearsal.client.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks again with the same key until there is an answer, as the application may be dead just now, and until the run is over. */
final class CheckoutRetry {

    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Clock clock;
    private final Instant end;
    private final CountDownLatch never = new CountDownLatch(1);

    CheckoutRetry(Clock clock, Duration timeout) {
        this.clock = clock;
        this.end = clock.instant().plus(timeout);
    }

    interface Request<T> {
        Outcome<T> send() throws InterruptedException;
    }

    /** The answer; null if it is no, or did not come in time. */
    <T> @Nullable T ask(Request<T> request) throws InterruptedException {
        while (!isOver()) {
            switch (request.send()) {
                case Outcome.Done<T> done -> {
                    return done.value();
                }
                case Outcome.Refused<T> no -> {
                    if (!no.isPassing()) {
                        return null;
                    }
                }
                case Outcome.Unknown<T> unknown -> {}
            }
            pause(PAUSE);
        }
        return null;
    }

    void pause(Duration time) throws InterruptedException {
        boolean unused = never.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    boolean isOver() {
        return !clock.instant().isBefore(end);
    }

    Duration left() {
        Duration left = Duration.between(clock.instant(), end);
        return left.isNegative() ? Duration.ZERO : left;
    }
}
