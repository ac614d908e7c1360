package dev.onsale.rehearsal.client;

/** Something without which nothing else makes sense was not done; the message is one line for a person. */
public final class NotDoneException extends Exception {

    public NotDoneException(String message) {
        super(message);
    }
}
