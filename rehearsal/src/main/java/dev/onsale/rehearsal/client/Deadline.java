package dev.onsale.rehearsal.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A time limit after which no new work starts. Immutable. */
public record Deadline(long endNanos) {

    private static final Duration PAUSE = Duration.ofMillis(500);

    /** The deadline after a duration from now. */
    public static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    public boolean isOver() {
        return remaining().isZero();
    }

    /** Remaining time; never negative. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
    }

    /** Waits for the given time, but not beyond the deadline. */
    public void pause(Duration wanted) throws InterruptedException {
        Duration remaining = remaining();
        Thread.sleep(wanted.compareTo(remaining) < 0 ? wanted : remaining);
    }

    /** A request that is safe to retry. */
    public interface Request<T> {
        Outcome<T> send() throws InterruptedException;
    }

    /**
     * Retries the request until it has a response, because the application may be down.
     *
     * @return the value; null if the request was refused or had no response in time
     */
    public <T> @Nullable T untilAnswered(Request<T> request) throws InterruptedException {
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
}
