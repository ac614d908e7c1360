package dev.onsale.eventlog.personal;

/** Why nobody of those who were served together got a key; the cause is that of all of them. */
final class KeysNotReadException extends RuntimeException {

    KeysNotReadException(Throwable cause) {
        super("Personal keys could not be read or made: " + cause.getMessage(), cause);
    }
}
