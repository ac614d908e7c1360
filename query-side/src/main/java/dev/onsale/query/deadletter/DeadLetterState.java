package dev.onsale.query.deadletter;

/** What has become of a record that was put aside. The names are stored. */
enum DeadLetterState {
    /** It was tried and not taken. */
    DEAD,
    /** It has not been tried: a record of the same key before it is dead. */
    PARKED,
    /** It was taken when it was tried again. */
    RETRIED,
    /** An operator gave it up. */
    DROPPED;

    boolean isWaiting() {
        return this == DEAD || this == PARKED;
    }
}
