package dev.onsale.command.store;

/**
 * The store was lost during a commit and did not return in time, so it is unknown whether the events are stored. The caller repeats
 * with the same id and gets the outcome.
 */
public final class OutcomeUnknownException extends RuntimeException {

    public OutcomeUnknownException(String message, Throwable cause) {
        super(message, cause);
    }
}
