package dev.onsale.query.consumption;

import org.jspecify.annotations.Nullable;

/** A record that is no fact as the contract has it. */
final class UnreadableFactException extends RuntimeException {

    UnreadableFactException(String message) {
        super(message);
    }

    UnreadableFactException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
