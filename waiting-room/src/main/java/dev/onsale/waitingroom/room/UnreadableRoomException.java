package dev.onsale.waitingroom.room;

/** The settings, control or seed of a room in the database cannot be read. */
final class UnreadableRoomException extends RuntimeException {

    UnreadableRoomException(String sale, Throwable cause) {
        super("The settings of waiting room " + sale + " cannot be read: " + cause.getMessage(), cause);
    }
}
