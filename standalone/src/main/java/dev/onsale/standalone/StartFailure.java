package dev.onsale.standalone;

import dev.onsale.command.node.NodeLeaseRefusedException;
import dev.onsale.embedded.EmbeddedServicesException;
import org.jspecify.annotations.Nullable;

/** A failed start. The message is one line that tells the operator what to do. */
final class StartFailure extends RuntimeException {

    StartFailure(String whatToDo) {
        super(whatToDo);
    }

    /** Whether the message alone tells the operator what to do. */
    static boolean isExpected(Throwable failure) {
        return failure instanceof StartFailure
                || failure instanceof EmbeddedServicesException
                || failure instanceof NodeLeaseRefusedException;
    }

    static String inOneLine(Throwable failure) {
        Throwable deepest = failure;
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            deepest = cause;
            if (isExpected(cause)) {
                return String.valueOf(cause.getMessage());
            }
        }
        return deepest.getClass().getSimpleName() + ": " + deepest.getMessage() + " (see the log for details)";
    }
}
