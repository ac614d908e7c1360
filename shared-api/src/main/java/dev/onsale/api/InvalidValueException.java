package dev.onsale.api;

/** A value that cannot be: malformed text for an identifier, an amount out of range. Answered as 400 over HTTP. */
public final class InvalidValueException extends IllegalArgumentException {

    public InvalidValueException(String message) {
        super(message);
    }
}
