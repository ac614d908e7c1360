package dev.onsale.proof.verify;

/** The bytes of the file are not those of an export. */
public final class DamagedFileException extends Exception {

    DamagedFileException(String message) {
        super(message);
    }
}
