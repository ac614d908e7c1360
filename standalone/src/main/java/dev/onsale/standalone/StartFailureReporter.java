package dev.onsale.standalone;

import dev.onsale.platform.failure.Causes;
import org.springframework.boot.SpringBootExceptionReporter;

/** Suppresses the stack trace of expected start failures, which {@link OnsaleApplication} prints in one line. */
final class StartFailureReporter implements SpringBootExceptionReporter {

    @Override
    public boolean reportException(Throwable failure) {
        return Causes.find(failure, StartFailure::isExpected) != null;
    }
}
