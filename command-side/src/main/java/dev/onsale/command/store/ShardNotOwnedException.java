package dev.onsale.command.store;

/** Another node owns the shard. Nothing was written, so the command may be sent to the owner. It has no stack trace. */
public final class ShardNotOwnedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ShardNotOwnedException(String message) {
        super(message, null, false, false);
    }
}
