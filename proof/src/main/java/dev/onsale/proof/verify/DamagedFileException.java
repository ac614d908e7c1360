package dev.onsale.proof.verify;

/** The bytes of the file are not what a writer of exports leaves behind. */
final class DamagedFileException extends Exception {

    DamagedFileException(String message) {
        super(message);
    }
}
