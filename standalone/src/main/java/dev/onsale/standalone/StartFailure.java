package dev.onsale.standalone;

import dev.onsale.embedded.EmbeddedServicesException;
import dev.onsale.platform.failure.Causes;

/** A failed start. The message is one line that tells the operator what to do. */
final class StartFailure extends RuntimeException {

    StartFailure(String whatToDo) {
        super(whatToDo);
    }

    /** Whether the message alone tells the operator what to do. */
    static boolean isExpected(Throwable failure) {
        return failure instanceof StartFailure || failure instanceof EmbeddedServicesException;
    }

    static String inOneLine(Throwable failure) {
        Throwable expected = Causes.find(failure, StartFailure::isExpected);
        if (expected != null) {
            return String.valueOf(expected.getMessage());
        }
        Throwable root = Causes.root(failure);
        return root.getClass().getSimpleName() + ": " + root.getMessage() + " (see the log for details)";
    }
}
