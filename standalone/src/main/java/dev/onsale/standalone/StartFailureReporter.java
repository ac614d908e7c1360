package dev.onsale.standalone;

import dev.onsale.embedded.EmbeddedServicesException;
import org.springframework.boot.SpringBootExceptionReporter;

/** Keeps a stack trace away from whoever only has to choose another port or folder: {@link OnsaleApplication} says it in one line. */
final class StartFailureReporter implements SpringBootExceptionReporter {

    @Override
    public boolean reportException(Throwable failure) {
        return failure instanceof StartFailure
                || org.springframework.core.NestedExceptionUtils.getMostSpecificCause(failure)
                        instanceof dev.onsale.command.node.NodeLeaseRefusedException
                || failure instanceof EmbeddedServicesException;
    }
}
