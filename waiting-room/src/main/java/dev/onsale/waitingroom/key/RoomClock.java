package dev.onsale.waitingroom.key;

/** Name of the bean of the clock that all nodes of the waiting room share: that of Redis. */
public final class RoomClock {

    public static final String NAME = "waitingRoomClock";

    private RoomClock() {}
}
