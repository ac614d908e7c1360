package dev.onsale.waitingroom.key;

/** Bean name of the clock of the waiting room: the time of Redis, which all nodes share. */
public final class RoomClock {

    public static final String NAME = "waitingRoomClock";

    private RoomClock() {}
}
