package dev.onsale.standalone;

import dev.onsale.platform.failure.Causes;
import org.springframework.boot.SpringBootExceptionReporter;

/**
 * Suppresses the stack trace of an expected start failure. {@link OnsaleApplication} prints its message as one line.
 */
final class StartFailureReporter implements SpringBootExceptionReporter {

    @Override
    public boolean reportException(Throwable failure) {
        return Causes.find(failure, StartFailure::isExpected) != null;
    }
}
