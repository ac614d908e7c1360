package dev.onsale.proof.verify;

import dev.onsale.proof.export.ExportLine;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Checks the states of the sale at earlier seals, and the seals that the user noted. Not thread-safe. */
final class Anchors {

    private final Tampering tampering;
    private final List<Anchor> wanted;
    private final List<List<WitnessedHead>> witnessed;
    private final SaleState sale;
    private final SaleState room;

    /** By number of their seal. */
    private final Map<Long, State> states = new HashMap<>();

    private final Map<Long, List<WitnessedHead>> byNumber = new HashMap<>();

    /** For each witness, when it saw a seal as the newest, by number. */
    private final List<TreeMap<Long, Instant>> seenAt = new ArrayList<>();

    private final Set<Anchor> seen = new HashSet<>();
    private final Set<Anchor> proven = new HashSet<>();

    /** What an anchor line says: the root that its seal must have, and the sizes of the chains. */
    private record State(Hash root, Hash roomRoot, long events, long records, ExportLine.Anchor line) {}

    Anchors(Tampering tampering, Trust trust, SaleState sale, SaleState room) {
        this.tampering = tampering;
        this.wanted = trust.anchors();
        this.witnessed = trust.witnessed();
        witnessed.forEach(
                heads -> heads.forEach(head -> heads(head.head().number()).add(head)));
        for (List<WitnessedHead> heads : witnessed) {
            TreeMap<Long, Instant> times = new TreeMap<>();
            heads.forEach(head -> times.putIfAbsent(head.head().number(), head.time()));
            seenAt.add(times);
        }
        this.sale = sale;
        this.room = room;
    }

    private List<WitnessedHead> heads(long number) {
        return byNumber.computeIfAbsent(number, key -> new ArrayList<>());
    }

    /** A line before the events. */
    void on(ExportLine.Anchor line, String saleKey, long at) {
        try {
            Hash place = Hash.salePlace(saleKey);
            Hash roomPlace = Hash.roomPlace(saleKey);
            ExportLine.Proof.Entry own = SaleState.own(place, line.leaf());
            ExportLine.Proof.Entry ownRoom = SaleState.own(roomPlace, line.roomLeaf());
            State state = new State(
                    Hash.salesRoot(place, line.leaf(), Hash.of(line.path())),
                    Hash.salesRoot(roomPlace, line.roomLeaf(), Hash.of(line.roomPath())),
                    own.events(),
                    ownRoom.events(),
                    line);
            if (states.putIfAbsent(line.number(), state) != null) {
                tampering.add("Anchor " + line.number() + " (line " + at + ") is there twice");
                return;
            }
            sale.expect(own, line.number());
            room.expect(ownRoom, line.number());
        } catch (IllegalArgumentException wrong) {
            tampering.add("Anchor " + line.number() + " (line " + at + ") is damaged: " + wrong.getMessage());
        }
    }

    /** The seals that anchor lines have with them, older than the seals of the file. */
    List<ExportLine.Anchor> older() {
        return states.values().stream()
                .map(State::line)
                .filter(line -> line.seal() != null)
                .toList();
    }

    /** A seal whose digest and place in the tree were checked. */
    void on(ExportLine.Sealed seal, Hash digest) {
        requireTimes(seal);
        State state = states.get(seal.number());
        if (state != null) {
            Hash root = Hash.parse(seal.sales());
            if (!state.root.equals(root) || !state.roomRoot.equals(root)) {
                tampering.add("The state of the sale at anchor " + seal.number() + " does not match the root of seal "
                        + seal.number());
            }
            sale.covered(state.events, seal.number(), seal.lastPosition());
            room.covered(state.records, seal.number(), -1);
        }
        for (WitnessedHead head : byNumber.getOrDefault(seal.number(), List.of())) {
            if (!head.anchor().seal().equals(digest)) {
                tampering.add("Seal " + seal.number() + " is not the one that a witness saw at " + head.seenAt()
                        + ": the chain was recomputed");
            } else if (state != null) {
                proven.add(head.anchor());
            }
        }
        for (Anchor anchor : wanted) {
            if (anchor.number() == seal.number()) {
                seen.add(anchor);
                if (!anchor.seal().equals(digest)) {
                    tampering.add("Seal " + seal.number() + " is not the anchor: the chain was recomputed");
                } else if (state != null) {
                    proven.add(anchor);
                }
            }
        }
    }

    /** A seal cannot be dated after a witness saw it, or before a witness saw that there was only an earlier one. */
    private void requireTimes(ExportLine.Sealed seal) {
        Instant sealedAt;
        try {
            sealedAt = Instant.parse(seal.sealedAt());
        } catch (DateTimeException reportedElsewhere) {
            return;
        }
        for (TreeMap<Long, Instant> times : seenAt) {
            Instant same = times.get(seal.number());
            if (same != null && sealedAt.isAfter(same.plus(EventTimes.TOLERANCE))) {
                tampering.add("Seal " + seal.number() + " is dated " + sealedAt + ", and a witness saw it at " + same);
            }
            Map.Entry<Long, Instant> before = times.lowerEntry(seal.number());
            if (before != null && sealedAt.isBefore(before.getValue().minus(EventTimes.TOLERANCE))) {
                tampering.add("Seal " + seal.number() + " is dated " + sealedAt + ", and at " + before.getValue()
                        + " a witness saw that seal " + before.getKey() + " was the newest: it was back-dated");
            }
        }
    }

    /** Names the wanted anchors that the file says nothing about. */
    void end(long newestSeal, Instant exportedAt) {
        for (List<WitnessedHead> heads : witnessed) {
            end(heads, newestSeal, exportedAt);
        }
        for (Anchor anchor : wanted) {
            if (!seen.contains(anchor)) {
                tampering.add("Anchor " + anchor.number() + " is not in the file, whose newest seal is " + newestSeal
                        + (anchor.number() > newestSeal
                                ? ": the file is older than the anchor, or the end of the log was removed"
                                : ": export again with anchor=" + anchor.number()));
            } else if (!states.containsKey(anchor.number())) {
                tampering.add("The file does not prove the state of the sale at anchor " + anchor.number()
                        + ": export again with anchor=" + anchor.number());
            }
        }
    }

    private void end(List<WitnessedHead> heads, long newestSeal, Instant exportedAt) {
        heads.stream()
                .filter(head -> head.head().number() > newestSeal
                        && head.time().isBefore(exportedAt.minus(EventTimes.TOLERANCE)))
                .findFirst()
                .ifPresent(head -> tampering.add("The file was exported at " + exportedAt + " and ends with seal "
                        + newestSeal + ", and a witness saw seal " + head.head().number() + " at " + head.seenAt()
                        + ": the end of the log was removed"));
        WitnessedHead newest = heads.stream()
                .filter(head -> head.head().number() <= newestSeal)
                .reduce((one, other) -> other)
                .orElse(null);
        if (newest == null) {
            tampering.add("The witness saw no seal up to " + newestSeal + ", with which the file ends");
        } else if (!proven.contains(newest.anchor())) {
            tampering.add("The file does not prove the state of the sale at seal "
                    + newest.head().number() + ", the newest that the witness saw: export again with anchor="
                    + newest.head().number());
        }
    }

    /** Number of the anchors that the file continues. */
    int proven() {
        return proven.size();
    }

    /** Number of the sale's events that an anchor covers; -1 if the file does not prove it. */
    long eventsAt(long number) {
        State state = states.get(number);
        return state != null && proven.stream().anyMatch(anchor -> anchor.number() == number) ? state.events : -1;
    }

    /** The greatest number of the sale's events that a proven anchor covers. */
    long eventsAnchored() {
        return proven.stream()
                .mapToLong(anchor -> {
                    State state = states.get(anchor.number());
                    return state == null ? 0 : state.events;
                })
                .max()
                .orElse(0);
    }
}
