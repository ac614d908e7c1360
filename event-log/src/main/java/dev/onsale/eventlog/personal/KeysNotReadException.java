package dev.onsale.eventlog.personal;

/** The keys of a batch could not be read; the cause is the same for all of them. */
final class KeysNotReadException extends RuntimeException {

    KeysNotReadException(Throwable cause) {
        super("Personal keys could not be read or made: " + cause.getMessage(), cause);
    }
}
