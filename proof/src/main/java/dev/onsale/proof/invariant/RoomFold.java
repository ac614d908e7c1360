package dev.onsale.proof.invariant;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Checks a waiting room's journal independently of the waiting room's code: visitors are admitted in queue order, the
 * limit of active visitors is kept, and each token is used once. The journal may itself be wrong, so it is also
 * compared with what the visitors observed. Not thread-safe.
 */
public final class RoomFold {

    private int activeLimit;
    private final Findings findings = new Findings();
    private final Map<String, Long> numbers = new HashMap<>();
    private final TreeMap<Long, String> waiting = new TreeMap<>();
    private final Map<String, Long> active = new HashMap<>();
    private final Map<String, Integer> admissionOf = new HashMap<>();
    private final Set<String> usedTokens = new HashSet<>();
    private long restoredAt;
    private int restorations;
    private int admissions;
    private int activeMax;

    /**
     * What one visitor observed, in nanoseconds of one clock. If the visitor joined more than once, the last time
     * counts.
     */
    public record Seen(String buyer, long joinSent, long joinAnswered, int entries) {}

    private RoomFold(int activeLimit) {
        this.activeLimit = activeLimit;
    }

    /** The fold of an empty journal. */
    public static RoomFold of(int activeLimit) {
        return new RoomFold(activeLimit);
    }

    public static RoomFold of(int activeLimit, List<RoomEntry> journal) {
        RoomFold fold = of(activeLimit);
        journal.forEach(fold::on);
        return fold;
    }

    /** The limit may have grown. */
    public void limit(int limit) {
        activeLimit = Math.max(activeLimit, limit);
    }

    /** Applies the next entry of the journal. */
    public void on(RoomEntry entry) {
        String buyer = entry.buyer();
        switch (entry.kind()) {
            case "JOINED" -> join(entry);
            case "RANKED" -> queue(buyer, entry.number());
            case "RETURNED" -> {
                active.remove(buyer);
                queue(buyer, entry.number());
            }
            case "ADMITTED" -> admit(entry);
            case "ENTERED" -> {
                if (!usedTokens.add(entry.detail())) {
                    findings.add(Invariant.ADMISSION_TOKEN_USED_ONCE, buyer + " entered twice with " + entry.detail());
                }
                active.computeIfPresent(buyer, (key, until) -> entry.placeUntil());
            }
            case "HELD" ->
                active.computeIfPresent(
                        buyer, (key, until) -> until > entry.at() ? Math.max(until, entry.placeUntil()) : until);
            case "LEFT", "SILENT", "EXPIRED" -> {
                unqueue(buyer);
                active.remove(buyer);
            }
            case "RESTORED" -> {
                restoredAt = entry.at();
                restorations++;
            }
            case "ENDED" -> {
                numbers.clear();
                waiting.clear();
                active.clear();
            }
            default -> {}
        }
    }

    /** The violations so far. */
    public Findings findings() {
        return findings;
    }

    /**
     * A lost room is restored from the journal. A visitor who is in the journal must therefore not have to join again.
     */
    private void join(RoomEntry entry) {
        String buyer = entry.buyer();
        if (numbers.containsKey(buyer) || active.getOrDefault(buyer, 0L) > entry.at()) {
            findings.add(Invariant.PLACES_KEPT, buyer + " had a place and had to join again");
        }
        queue(buyer, entry.number());
    }

    private void queue(String buyer, long number) {
        unqueue(buyer);
        numbers.put(buyer, number);
        waiting.put(number, buyer);
    }

    private void unqueue(String buyer) {
        Long number = numbers.remove(buyer);
        if (number != null) {
            waiting.remove(number, buyer);
        }
    }

    private void admit(RoomEntry entry) {
        String buyer = entry.buyer();
        Long number = numbers.get(buyer);
        if (entry.at() < restoredAt) {
            // The entry is late: the previous admission of this visitor was lost with Redis, and the visitor waits
            // again.
            unqueue(buyer);
        } else if (number == null) {
            findings.add(Invariant.ADMITTED_IN_ORDER, buyer + " was admitted and did not wait");
        } else if (waiting.firstKey() < number) {
            findings.add(
                    Invariant.ADMITTED_IN_ORDER,
                    buyer + " with number " + number + " was admitted before number " + waiting.firstKey());
        }
        unqueue(buyer);
        active.values().removeIf(until -> until <= entry.at());
        if (active.put(buyer, entry.placeUntil()) != null) {
            findings.add(Invariant.ADMITTED_IN_ORDER, buyer + " was admitted twice");
        }
        activeMax = Math.max(activeMax, active.size());
        // The entry is late: the departure that made room for this visitor was lost with Redis.
        if (active.size() > activeLimit && entry.at() >= restoredAt) {
            findings.add(Invariant.ACTIVE_LIMIT_KEPT, active.size() + " of at most " + activeLimit + " with " + buyer);
        }
        admissionOf.putIfAbsent(buyer, admissions++);
    }

    /** A visitor whose join was answered before another visitor sent theirs must be admitted first. */
    public Findings judge(List<Seen> seen) {
        long firstAnswerOfLater = Long.MAX_VALUE;
        List<Seen> lastFirst = seen.stream()
                .filter(visitor -> admissionOf.containsKey(visitor.buyer()))
                .sorted((one, other) -> Integer.compare(admission(other), admission(one)))
                .toList();
        for (Seen visitor : lastFirst) {
            if (firstAnswerOfLater < visitor.joinSent()) {
                findings.add(
                        Invariant.ADMITTED_IN_ORDER,
                        visitor.buyer() + " was admitted before a visitor who had a place before " + visitor.buyer()
                                + " asked for one");
            }
            firstAnswerOfLater = Math.min(firstAnswerOfLater, visitor.joinAnswered());
        }
        for (Seen visitor : seen) {
            if (visitor.entries() > 1) {
                findings.add(
                        Invariant.ADMISSION_TOKEN_USED_ONCE,
                        visitor.buyer() + " was let in " + visitor.entries() + " times with one token");
            }
            if (visitor.entries() > 0 && !admissionOf.containsKey(visitor.buyer())) {
                findings.add(
                        Invariant.ADMITTED_IN_ORDER,
                        visitor.buyer() + " was let in and the journal knows no admission");
            }
        }
        return findings;
    }

    private int admission(Seen visitor) {
        return admissionOf.getOrDefault(visitor.buyer(), Integer.MAX_VALUE);
    }

    public long inversions() {
        return findings.count(Invariant.ADMITTED_IN_ORDER);
    }

    public long overAdmissions() {
        return findings.count(Invariant.ACTIVE_LIMIT_KEPT);
    }

    public long tokensUsedTwice() {
        return findings.count(Invariant.ADMISSION_TOKEN_USED_ONCE);
    }

    /** How often the room was rebuilt from its journal. */
    public int restorations() {
        return Math.max(0, restorations - 1);
    }

    public int admissions() {
        return admissions;
    }

    public int activeMax() {
        return activeMax;
    }
}
