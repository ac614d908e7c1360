package dev.onsale.standalone;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootExceptionReporter;

/** Prints no stack trace for a start failure whose message tells what to do: {@link OnsaleApplication} prints it in one line. */
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
