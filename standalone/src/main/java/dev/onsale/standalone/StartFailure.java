package dev.onsale.standalone;

import org.jspecify.annotations.Nullable;

/** A start that cannot go on, said in one line that tells what to do. */
final class StartFailure extends RuntimeException {

    StartFailure(String whatToDo) {
        super(whatToDo);
    }

    static String inOneLine(Throwable failure) {
        Throwable deepest = failure;
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            deepest = cause;
            if (cause instanceof StartFailure
                    || cause instanceof dev.onsale.command.node.NodeLeaseRefusedException
                    || cause instanceof dev.onsale.embedded.EmbeddedServicesException) {
                return String.valueOf(cause.getMessage());
            }
        }
        return deepest.getClass().getSimpleName() + ": " + deepest.getMessage() + " (the log has the whole story)";
    }
}
