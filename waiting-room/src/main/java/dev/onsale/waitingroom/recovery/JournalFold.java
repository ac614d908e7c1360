package dev.onsale.waitingroom.recovery;

import dev.onsale.waitingroom.journal.JournalEntry;
import dev.onsale.waitingroom.journal.JournalEntry.Kind;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** State of a room according to its journal. Not thread-safe. */
final class JournalFold {

    /** Numbers of the waiting buyers. During the draw, a drawn number may equal one that is not drawn yet. */
    final Map<String, Long> waiting = new LinkedHashMap<>();

    final Map<String, Place> places = new LinkedHashMap<>();

    /** Reservations by buyer, with the end of the hold; 0 once the reservation has ended. */
    final Map<String, Map<String, Long>> holds = new LinkedHashMap<>();

    private final Map<String, Long> lastNumber = new LinkedHashMap<>();
    private final Set<String> admissions = new HashSet<>();

    long maxNumber;
    long admittedTotal;

    /** Last number given out before the opening; -1 until the pre-queue is closed. */
    long boundary = -1;

    boolean opened;

    /** Whether nothing has happened in the room since it was opened. */
    boolean empty = true;

    long lastMillis;
    long lastAt;

    void apply(JournalEntry entry) {
        String buyer = entry.buyer();
        switch (entry.kind()) {
            case JOINED, RETURNED -> {
                places.remove(buyer);
                put(buyer, entry.number());
                maxNumber = Math.max(maxNumber, entry.number());
            }
            case RANKED -> {
                if (waiting.containsKey(buyer)) {
                    put(buyer, entry.number());
                }
            }
            case PRE_QUEUE_CLOSED -> boundary = entry.number();
            case OPENED -> opened = true;
            case ADMITTED -> admit(entry);
            case ENTERED ->
                places.computeIfPresent(
                        buyer,
                        (key, place) -> place.tokenId().equals(entry.detail())
                                ? place.enteredUntil(entry.placeUntil())
                                : place);
            case HELD -> hold(entry);
            case RELEASED -> holdsOf(buyer).put(entry.detail(), 0L);
            case LEFT, SILENT, EXPIRED -> {
                waiting.remove(buyer);
                places.remove(buyer);
            }
            case RESTORED -> {}
            case ENDED -> {
                waiting.clear();
                places.clear();
                maxNumber = 0;
                admittedTotal = 0;
                boundary = -1;
                opened = false;
            }
        }
        empty = entry.kind() == Kind.ENDED;
        lastMillis = entry.millis();
        lastAt = Math.max(lastAt, entry.at());
    }

    /** Applies the use of a token that the database knows, even if the journal lost its admission or its entry. */
    void enter(Place entered) {
        Place known = places.get(entered.buyer());
        if (known != null && known.tokenId().equals(entered.tokenId())) {
            places.put(entered.buyer(), known.enteredUntil(Math.max(known.placeUntil(), entered.placeUntil())));
        } else if (!admissions.contains(entered.tokenId())) {
            waiting.remove(entered.buyer());
            places.put(entered.buyer(), entered);
            admittedTotal = Math.max(admittedTotal, entered.admissionNumber());
        }
    }

    /** Takes back an unused admission: the buyer waits again with the former number. */
    void giveBack(Place place) {
        places.remove(place.buyer());
        put(place.buyer(), place.queueNumber());
    }

    boolean hasAdmission(String tokenId) {
        return admissions.contains(tokenId);
    }

    private Map<String, Long> holdsOf(String buyer) {
        return holds.computeIfAbsent(buyer, key -> new LinkedHashMap<>());
    }

    private void hold(JournalEntry entry) {
        holdsOf(entry.buyer()).putIfAbsent(entry.detail(), entry.placeUntil());
        places.computeIfPresent(
                entry.buyer(),
                (key, place) -> place.placeUntil() > entry.at() ? place.lastingUntil(entry.placeUntil()) : place);
    }

    private void put(String buyer, long number) {
        waiting.put(buyer, number);
        lastNumber.put(buyer, number);
    }

    private void admit(JournalEntry entry) {
        String buyer = entry.buyer();
        waiting.remove(buyer);
        admissions.add(entry.detail());
        admittedTotal = Math.max(admittedTotal, entry.number());
        long number = lastNumber.getOrDefault(buyer, 0L);
        places.put(
                buyer,
                new Place(buyer, entry.detail(), entry.at(), entry.tokenUntil(), entry.placeUntil(), false, number));
    }
}
