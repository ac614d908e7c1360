package dev.onsale.eventlog;

/** An event of an unknown type or version, written by a newer version of Onsale. */
public final class UnknownVersionException extends RuntimeException {

    UnknownVersionException(String type, int version) {
        super(type + ", version " + version + ", is not known here");
    }
}
