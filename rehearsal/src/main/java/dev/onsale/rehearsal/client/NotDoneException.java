package dev.onsale.rehearsal.client;

/** A required step failed, so the command cannot continue. The message is one line for the user. */
public final class NotDoneException extends Exception {

    public NotDoneException(String message) {
        super(message);
    }
}
