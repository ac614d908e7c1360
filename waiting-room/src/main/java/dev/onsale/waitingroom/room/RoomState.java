package dev.onsale.waitingroom.room;

import dev.onsale.waitingroom.room.RoomStatus.Control;
import dev.onsale.waitingroom.room.RoomStatus.Phase;
import java.util.List;

/**
 * The state of a room as Redis had it at one instant. Instants are milliseconds since 1970, 0 for none.
 *
 * @param at when it was read
 * @param boundary last number given out before the opening
 * @param refusals reasons of refused joins, each followed by its count
 */
public record RoomState(
        long at,
        Phase phase,
        Control control,
        long admittedTotal,
        long epoch,
        long opensAt,
        long closesAt,
        long restoredAt,
        long journalUntil,
        long boundary,
        int activeLimit,
        int admitPerSecond,
        long activeMillis,
        long waiting,
        long active,
        long entered,
        long journalBehind,
        List<String> refusals,
        AdmissionPace.Reading pace) {

    boolean closed(long now) {
        return closesAt > 0 && now >= closesAt;
    }
}
