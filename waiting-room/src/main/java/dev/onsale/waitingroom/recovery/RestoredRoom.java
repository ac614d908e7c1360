package dev.onsale.waitingroom.recovery;

import dev.onsale.waitingroom.journal.JournalEntry;
import dev.onsale.waitingroom.journal.JournalEntry.Kind;
import dev.onsale.waitingroom.key.RoomKeys;
import dev.onsale.waitingroom.room.RoomDefinition;
import dev.onsale.waitingroom.room.RoomSettings;
import dev.onsale.waitingroom.room.RoomStatus.Phase;
import dev.onsale.waitingroom.token.EntryStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Content of a restored room, as arguments of the scripts that write it. */
final class RestoredRoom {

    private final RoomDefinition room;
    private final JournalFold fold;
    private final long now;

    /** Journal entries that the restoration adds. */
    final List<String> entries = new ArrayList<>();

    /**
     * @param used tokens whose places may not have ended yet
     */
    RestoredRoom(RoomDefinition room, JournalFold fold, List<EntryStore.Entry> used, long now) {
        this.room = room;
        this.fold = fold;
        this.now = now;
        entries.add(JournalEntry.text(Kind.RESTORED, now, JournalEntry.NOBODY, 0, "-", 0, 0));
        used.forEach(this::enter);
        takeBackAdmissionsBeyondTheLimit();
    }

    static long activeMillis(RoomDefinition room) {
        return RoomSettings.set(room.settings().activeSeconds()) * 1_000L;
    }

    /** The database records an entry before the buyer learns of it, so such a buyer is inside. */
    private void enter(EntryStore.Entry used) {
        String buyer = used.buyer();
        String token = used.tokenId();
        long until = used.enteredAt() + activeMillis(room);
        Place place = new Place(buyer, token, used.admittedAt(), used.tokenUntil(), until, true, 0);
        boolean unknown = !fold.hasAdmission(token);
        Place known = fold.places.get(buyer);
        boolean unentered = known != null && known.tokenId().equals(token) && !known.entered();
        fold.enter(place);
        if (unknown) {
            entries.add(JournalEntry.text(
                    Kind.ADMITTED, used.admittedAt(), buyer, place.admissionNumber(), token, used.tokenUntil(), until));
        }
        if (unknown || unentered) {
            entries.add(JournalEntry.text(Kind.ENTERED, used.enteredAt(), buyer, 0, token, 0, until));
        }
    }

    /**
     * A place that was freed after the journal ends looks taken, and its next owner may have entered. To keep the limit,
     * unused admissions return to their numbers in the queue, the newest first.
     */
    private void takeBackAdmissionsBeyondTheLimit() {
        long tooMany = openPlaces().count() - RoomSettings.set(room.settings().activeLimit());
        openPlaces()
                .filter(place -> !place.entered() && place.queueNumber() > 0)
                .sorted(Comparator.comparingLong(Place::admissionNumber).reversed())
                .limit(Math.max(0, tooMany))
                .toList()
                .forEach(place -> {
                    fold.giveBack(place);
                    entries.add(JournalEntry.text(Kind.RETURNED, now, place.buyer(), place.queueNumber(), "-", 0, 0));
                });
    }

    private Stream<Place> openPlaces() {
        return fold.places.values().stream().filter(place -> place.placeUntil() > now);
    }

    /** Number and buyer of each waiting visitor, in order. */
    List<String> waiting() {
        return fold.waiting.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .flatMap(visitor -> Stream.of(Long.toString(visitor.getValue()), visitor.getKey()))
                .toList();
    }

    /** Buyer, end, admission and entry of each open place. */
    List<String> places() {
        return openPlaces()
                .flatMap(place -> Stream.of(
                        place.buyer(),
                        Long.toString(place.placeUntil()),
                        place.admission(),
                        place.entered() ? "1" : "0"))
                .toList();
    }

    /** All reservations of buyers who have an open one. Others must not lose a place by a repeated end. */
    List<String> holds() {
        String kept = Long.toString(RoomKeys.HOLDS_KEPT.toMillis());
        List<String> values = new ArrayList<>();
        fold.holds.forEach((buyer, holds) -> {
            if (holds.values().stream().anyMatch(until -> until > now)) {
                holds.forEach(
                        (reservation, until) -> values.addAll(List.of(buyer, reservation, Long.toString(until), kept)));
            }
        });
        return values;
    }

    /** Fields and values of the room's hash. */
    List<String> fields() {
        List<String> fields = new ArrayList<>(room.fields());
        fields.addAll(List.of("phase", phase().name(), "epoch", Long.toString(room.epoch())));
        fields.addAll(List.of("boundary", Long.toString(Math.max(0, fold.boundary))));
        fields.addAll(List.of("admittedTotal", Long.toString(fold.admittedTotal)));
        if (!fold.empty) {
            fields.addAll(List.of("restoredAt", Long.toString(now), "journalUntil", Long.toString(fold.lastAt)));
        }
        return fields;
    }

    private Phase phase() {
        if (room.settings().opensAt() == null || fold.opened) {
            return Phase.OPEN;
        }
        return fold.boundary < 0 ? Phase.PRE_QUEUE : Phase.SHUFFLING;
    }
}
