package dev.onsale.embedded;

import org.jspecify.annotations.Nullable;

/** The embedded services cannot run. The message is one line for the user and says what to do. */
public final class EmbeddedServicesException extends RuntimeException {

    EmbeddedServicesException(String message) {
        this(message, null);
    }

    EmbeddedServicesException(String message, @Nullable Throwable cause) {
        super(message.replaceAll("\\s*\\R\\s*", " "), cause);
    }
}
