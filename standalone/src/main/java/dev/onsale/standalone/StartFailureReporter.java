package dev.onsale.standalone;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootExceptionReporter;

/**
 * Suppresses the stack trace of an expected start failure. {@link OnsaleApplication} prints its message as one line.
 */
final class StartFailureReporter implements SpringBootExceptionReporter {

    @Override
    public boolean reportException(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (StartFailure.isExpected(cause)) {
                return true;
            }
        }
        return false;
    }
}
