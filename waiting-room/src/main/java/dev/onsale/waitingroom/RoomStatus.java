package dev.onsale.waitingroom;

/**
 * A room as its operator sees it.
 *
 * @param active who has a place now, entered or not
 * @param entered who of them consumed the token
 * @param admittedTotal admissions since the room was opened
 */
record RoomStatus(
        String saleId,
        State state,
        long waiting,
        long active,
        long entered,
        long admittedTotal,
        int activeLimit,
        int admitPerSecond,
        int activeSeconds,
        int tokenSeconds) {

    enum State {
        OPEN,
        /** Visitors come and keep their places; nobody is admitted. */
        PAUSED
    }
}
