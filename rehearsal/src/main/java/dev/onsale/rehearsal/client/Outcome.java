package dev.onsale.rehearsal.client;

import java.time.Duration;
import java.util.Optional;

/** What became of a request. */
public sealed interface Outcome<T> {

    /** The server did it and says so. */
    record Done<T>(T value) implements Outcome<T> {}

    /**
     * The server says no.
     *
     * @param code stable code of the problem
     * @param retryAfter when to ask again, if the answer says so
     */
    record Refused<T>(int status, String code, String detail, Optional<Duration> retryAfter) implements Outcome<T> {

        /** Too busy, or too many at once: the same request is worth another try. */
        public boolean isPassing() {
            return status == 503 || status == 429 || code.equals("REQUEST_IN_FLIGHT");
        }

        /** A server that gives up waiting for its own command answers 503 too: what it wrote is then not known. */
        public boolean leavesDoubt() {
            return status == 503 || code.equals("REQUEST_IN_FLIGHT");
        }
    }

    /** Nobody knows: no answer in time, a broken connection, or a server that broke over it. */
    record Unknown<T>(String why) implements Outcome<T> {}

    default Optional<T> done() {
        return this instanceof Done<T> done ? Optional.of(done.value()) : Optional.empty();
    }

    /**
     * @throws NotDoneException if the server did not do it
     */
    default T orElseThrow(String what) throws NotDoneException {
        return switch (this) {
            case Done<T> done -> done.value();
            case Refused<T> no ->
                throw new NotDoneException(
                        what + ": refused with " + no.status() + " " + no.code() + ", " + no.detail());
            case Unknown<T> unknown -> throw new NotDoneException(what + ": " + unknown.why());
        };
    }
}
