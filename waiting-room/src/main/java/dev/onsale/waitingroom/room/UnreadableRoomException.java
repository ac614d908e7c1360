package dev.onsale.waitingroom.room;

/** The row of a room in the database makes no room: its settings, its control or its seed cannot be read. */
final class UnreadableRoomException extends RuntimeException {

    UnreadableRoomException(String sale, Throwable cause) {
        super("The settings of waiting room " + sale + " cannot be read: " + cause.getMessage(), cause);
    }
}
