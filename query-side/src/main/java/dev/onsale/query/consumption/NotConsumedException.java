package dev.onsale.query.consumption;

import org.springframework.kafka.listener.BatchListenerFailedException;

/**
 * The record at an index of the batch was not consumed; all before it were, and are committed. The subclasses say how often
 * it is worth another try; they are classes because the error handler counts afresh when the class changes.
 */
abstract sealed class NotConsumedException extends BatchListenerFailedException {

    private NotConsumedException(String message, Throwable cause, int index) {
        super(message, cause, index);
    }

    /** It never can be. */
    static final class Never extends NotConsumedException {
        Never(Throwable cause, int index) {
            super("The record cannot be consumed", cause, index);
        }
    }

    /** Perhaps; after a few more tries it is a dead letter. */
    static final class Failed extends NotConsumedException {
        Failed(Throwable cause, int index) {
            super("The record was not consumed", cause, index);
        }
    }

    /** The database is away. That is no fault of the record: it waits for as long as it takes. */
    static final class Away extends NotConsumedException {
        Away(Throwable cause, int index) {
            super("The database did not take the record", cause, index);
        }
    }
}
