package dev.onsale.rehearsal.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A moment after which nothing new is begun. */
public record Deadline(long endNanos) {

    private static final Duration PAUSE = Duration.ofMillis(500);

    /** The moment after this time from now. */
    public static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** Whether the moment has come. */
    public boolean isOver() {
        return remaining().isZero();
    }

    /** Never negative. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
    }

    /** Waits, but never beyond the end. */
    public void pause(Duration wanted) throws InterruptedException {
        Duration remaining = remaining();
        Thread.sleep(wanted.compareTo(remaining) < 0 ? wanted : remaining);
    }

    /** A request that is safe to send again. */
    public interface Request<T> {
        Outcome<T> send() throws InterruptedException;
    }

    /**
     * Sends the request again until it is answered: the application may be down just now.
     *
     * @return the answer; null if it was refused, or not answered in time
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
