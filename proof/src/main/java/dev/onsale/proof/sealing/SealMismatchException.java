package dev.onsale.proof.sealing;

/** The tables are not what the last signed seal covers. Nothing is signed until they are again. */
final class SealMismatchException extends RuntimeException {

    SealMismatchException(String message) {
        super(message);
    }
}
