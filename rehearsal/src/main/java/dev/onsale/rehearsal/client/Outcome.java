package dev.onsale.rehearsal.client;

import java.time.Duration;
import java.util.Optional;

/** The outcome of a request. */
public sealed interface Outcome<T> {

    /** The server confirmed the request. */
    record Done<T>(T value) implements Outcome<T> {}

    /**
     * The server refused the request.
     *
     * @param code stable code of the problem
     * @param retryAfter when to retry, if the response has it
     */
    record Refused<T>(int status, String code, String detail, Optional<Duration> retryAfter) implements Outcome<T> {

        /**
         * Whether a retry may succeed: the server is overloaded, a rate limit was exceeded, or another request with the
         * key is in progress.
         */
        public boolean isPassing() {
            return status == 503 || status == 429 || code.equals("REQUEST_IN_FLIGHT");
        }

        /**
         * Whether the effect of the request is unknown: the server also responds with 503 when it stops waiting for its
         * own command.
         */
        public boolean leavesDoubt() {
            return status == 503 || code.equals("REQUEST_IN_FLIGHT");
        }
    }

    /** The outcome is unknown: no response in time, a broken connection or an internal error of the server. */
    record Unknown<T>(String why) implements Outcome<T> {}

    default Optional<T> done() {
        return this instanceof Done<T> done ? Optional.of(done.value()) : Optional.empty();
    }

    /** @throws NotDoneException if the server did not confirm the request */
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
