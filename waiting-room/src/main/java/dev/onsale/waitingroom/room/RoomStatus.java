package dev.onsale.waitingroom.room;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * State of a room for operators.
 *
 * @param state set by the operator
 * @param phase position in the schedule
 * @param active visitors with a place, entered or not
 * @param entered visitors with a place who used their token
 * @param admittedTotal admissions since the room was opened
 * @param refused refused joins by reason
 * @param journalBehind journal entries that are not in the database yet
 * @param restoredAt last restoration from the journal
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
        /** Visitors may join and keep their places; nobody is admitted. */
        PAUSED,
        /** Nobody may join; waiting visitors are admitted. */
        DRAINING
    }

    public enum Phase {
        /** Visitors may join and have no order yet. */
        PRE_QUEUE,
        /** The visitors of the pre-queue get their drawn order. */
        SHUFFLING,
        OPEN,
        CLOSED
    }

    static RoomStatus of(RoomDefinition room, RoomState state, int admitPerSecondNow, long now) {
        RoomSettings settings = room.settings();
        return new RoomStatus(
                room.sale().value(),
                state.control(),
                state.closed(now) ? Phase.CLOSED : state.phase(),
                state.waiting(),
                state.active(),
                state.entered(),
                state.admittedTotal(),
                Math.round(state.pace().perSecond() * 600) / 10.0,
                admitPerSecondNow,
                counts(state.refusals()),
                state.journalBehind(),
                instant(state.restoredAt()),
                room.commitment(),
                RoomSettings.set(settings.activeLimit()),
                RoomSettings.set(settings.admitPerSecond()),
                RoomSettings.set(settings.activeSeconds()),
                RoomSettings.set(settings.tokenSeconds()),
                settings.preQueueOpensAt(),
                settings.opensAt(),
                settings.closesAt(),
                RoomSettings.set(settings.joinsPerAddress()),
                RoomSettings.set(settings.addressSeconds()),
                RoomSettings.set(settings.proofOfWork()),
                settings.intake() == null ? RoomSettings.Intake.DIRECT : settings.intake(),
                Boolean.TRUE.equals(settings.autopilot()));
    }

    private static Map<String, Long> counts(List<String> fieldsAndValues) {
        Map<String, Long> counts = new TreeMap<>();
        for (int index = 0; index + 1 < fieldsAndValues.size(); index += 2) {
            counts.put(fieldsAndValues.get(index), Long.valueOf(fieldsAndValues.get(index + 1)));
        }
        return counts;
    }

    private static @Nullable Instant instant(long millis) {
        return millis == 0 ? null : Instant.ofEpochMilli(millis);
    }
}
