package dev.onsale.command.node;

/** Another node takes commands for this database. The message is one line for an operator. */
public final class NodeLeaseRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NodeLeaseRefusedException(String message) {
        super(message);
    }
}
