package dev.onsale.command.publishing;

/** Kafka refuses one record for what it is; nothing of its transaction was published. */
final class RecordRefusedException extends RuntimeException {

    private final transient PendingRecord refused;

    RecordRefusedException(PendingRecord refused, Throwable cause) {
        super(String.valueOf(cause), cause);
        this.refused = refused;
    }

    PendingRecord refused() {
        return refused;
    }
}
