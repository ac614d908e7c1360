package dev.onsale.command.store;

/**
 * The store went away while it committed and did not come back in time: the facts are written or they are not, and nobody can
 * say which yet. Never reported as a failure; the caller repeats with the same id and learns the outcome.
 */
public final class OutcomeUnknownException extends RuntimeException {

    public OutcomeUnknownException(String message, Throwable cause) {
        super(message, cause);
    }
}
