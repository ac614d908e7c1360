package dev.onsale.waitingroom.journal;

import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The room as its journal tells it: who waits, who has a place, and how far it got. */
public final class JournalFold {

    private final Map<String, Long> waiting = new LinkedHashMap<>();
    private final Map<String, Long> lastNumber = new LinkedHashMap<>();
    private final Map<String, Place> places = new LinkedHashMap<>();
    private final Map<String, Map<String, Long>> holds = new LinkedHashMap<>();
    private final Set<String> knownAdmissions = new HashSet<>();
    private long maxNumber;
    private long admittedTotal;
    private long boundary = -1;
    private boolean opened;
    private boolean empty = true;
    private long lastMillis;
    private long lastSequence;
    private long lastAt;

    /**
     * A place at the counter.
     *
     * @param queueNumber the place in the queue that the buyer had
     */
    public record Place(
            String buyer,
            String tokenId,
            long admittedAt,
            long tokenUntil,
            long placeUntil,
            boolean entered,
            long queueNumber) {

        /** The admission as the scripts keep it. */
        public String admission() {
            return tokenId + "|" + admittedAt + "|" + tokenUntil;
        }

        /** The same place, if it lasts longer so. */
        Place until(long end) {
            return new Place(buyer, tokenId, admittedAt, tokenUntil, Math.max(placeUntil, end), entered, queueNumber);
        }

        public Place enteredUntil(long until) {
            return new Place(buyer, tokenId, admittedAt, tokenUntil, until, true, queueNumber);
        }
    }

    /** A place in the queue. */
    public record Waiting(long number, String buyer) {}

    public void apply(JournalEntry entry) {
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
            case RELEASED ->
                holds.computeIfAbsent(buyer, key -> new LinkedHashMap<>()).put(entry.detail(), 0L);
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
        empty = entry.kind() == JournalEntry.Kind.ENDED;
        lastMillis = entry.millis();
        lastSequence = entry.sequence();
        lastAt = Math.max(lastAt, entry.at());
    }

    private void hold(JournalEntry entry) {
        holds.computeIfAbsent(entry.buyer(), key -> new LinkedHashMap<>())
                .putIfAbsent(entry.detail(), entry.placeUntil());
        places.computeIfPresent(
                entry.buyer(),
                (key, place) -> place.placeUntil() > entry.at() ? place.until(entry.placeUntil()) : place);
    }

    /** The reservations of each buyer: the end of the hold of each, 0 once it has ended. */
    public Map<String, Map<String, Long>> holds() {
        return holds;
    }

    /** A token that the database knows as used, though the journal lost its admission or its entry. */
    public void entered(Place entered) {
        Place known = places.get(entered.buyer());
        if (known != null && known.tokenId().equals(entered.tokenId())) {
            places.put(entered.buyer(), known.enteredUntil(Math.max(known.placeUntil(), entered.placeUntil())));
        } else if (!knownAdmissions.contains(entered.tokenId())) {
            waiting.remove(entered.buyer());
            places.put(entered.buyer(), entered);
            admittedTotal = Math.max(admittedTotal, number(entered.tokenId()));
        }
    }

    /** Gives up an admission that nobody has used: its buyer waits again where the buyer waited before. */
    public void giveBack(Place place) {
        places.remove(place.buyer());
        put(place.buyer(), place.queueNumber());
    }

    public boolean knowsAdmission(String tokenId) {
        return knownAdmissions.contains(tokenId);
    }

    private void put(String buyer, long number) {
        waiting.put(buyer, number);
        lastNumber.put(buyer, number);
    }

    private void admit(JournalEntry entry) {
        waiting.remove(entry.buyer());
        knownAdmissions.add(entry.detail());
        admittedTotal = Math.max(admittedTotal, entry.number());
        places.put(
                entry.buyer(),
                new Place(
                        entry.buyer(),
                        entry.detail(),
                        entry.at(),
                        entry.tokenUntil(),
                        entry.placeUntil(),
                        false,
                        lastNumber.getOrDefault(entry.buyer(), 0L)));
    }

    /** The number of an admission is the end of its token's identifier. */
    public static long number(String tokenId) {
        return Long.parseLong(tokenId.substring(tokenId.lastIndexOf('-') + 1));
    }

    /** Who waits, in order. While the order is drawn, one who has a drawn number may share it with one who has none yet. */
    public List<Waiting> waiting() {
        return waiting.entrySet().stream()
                .map(entry -> new Waiting(entry.getValue(), entry.getKey()))
                .sorted(Comparator.comparingLong(Waiting::number))
                .toList();
    }

    public Map<String, Place> places() {
        return places;
    }

    public long maxNumber() {
        return maxNumber;
    }

    public long admittedTotal() {
        return admittedTotal;
    }

    /** The last place given out before the opening; -1 while the room has not come so far. */
    public long boundary() {
        return boundary;
    }

    public boolean opened() {
        return opened;
    }

    /** Nothing has happened in this room yet. */
    public boolean isEmpty() {
        return empty;
    }

    public long lastMillis() {
        return lastMillis;
    }

    public long lastSequence() {
        return lastSequence;
    }

    /** When the last entry happened, in milliseconds since 1970. */
    public long lastAt() {
        return lastAt;
    }
}
