package dev.onsale.eventlog;

/** A fact of a type or version that nobody here can read: somebody newer wrote it. */
public final class UnknownVersionException extends RuntimeException {

    UnknownVersionException(String type, int version) {
        super(type + ", version " + version + ", is not known here");
    }
}
