package dev.onsale.waitingroom.room;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A room as its operator sees it.
 *
 * @param state what an operator wants of it
 * @param phase where it is in its schedule
 * @param active who has a place now, entered or not
 * @param entered who of them consumed the token
 * @param admittedTotal admissions since the room was opened
 * @param refused joins refused, by reason
 * @param journalBehind what happened and is not in the database yet
 * @param restoredAt when the room was last built anew from its journal
 */
public record RoomStatus(
        String saleId,
        Control state,
        Phase phase,
        long waiting,
        long active,
        long entered,
        long admittedTotal,
        double admissionsPerMinute,
        int admitPerSecondNow,
        Map<String, Long> refused,
        long journalBehind,
        @Nullable Instant restoredAt,
        String commitment,
        int activeLimit,
        int admitPerSecond,
        int activeSeconds,
        int tokenSeconds,
        @Nullable Instant preQueueOpensAt,
        @Nullable Instant opensAt,
        @Nullable Instant closesAt,
        int joinsPerAddress,
        int addressSeconds,
        int proofOfWork,
        RoomSettings.Intake intake,
        boolean autopilot) {

    public enum Control {
        OPEN,
        /** Visitors come and keep their places; nobody is admitted. */
        PAUSED,
        /** Nobody new comes; who waits is admitted. */
        DRAINING
    }

    public enum Phase {
        /** Visitors come and have no order yet. */
        PRE_QUEUE,
        /** Those who came are being put in their drawn order. */
        SHUFFLING,
        OPEN,
        CLOSED
    }
}
