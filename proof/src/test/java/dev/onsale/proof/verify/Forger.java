package dev.onsale.proof.verify;

import dev.onsale.proof.export.ExportFormat;
import dev.onsale.proof.export.ExportLine;
import dev.onsale.proof.seal.Digest;
import dev.onsale.proof.seal.MerkleTree;
import dev.onsale.proof.seal.RoomRecord;
import dev.onsale.proof.seal.SaleTree;
import dev.onsale.proof.seal.Seal;
import dev.onsale.proof.seal.SealedSale;
import dev.onsale.proof.sealing.Signer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Changes an export as somebody can who writes to the database: {@link #rebuild} computes again whatever the seals cover,
 * from the changed events on, and signs it if the forger has a key.
 */
final class Forger {

    ExportLine.Header header;
    final List<ExportLine.Anchor> anchors = new ArrayList<>();
    final List<ExportLine> events = new ArrayList<>();
    final List<String> records = new ArrayList<>();
    ExportLine.Frontier frontier;
    final List<ExportLine.Sealed> seals = new ArrayList<>();
    ExportLine.Proof proof;
    ExportLine.RoomProof room;
    ExportLine.@Nullable End end;

    Forger(List<String> lines) {
        ExportLine.Header first = null;
        ExportLine.Frontier grown = null;
        ExportLine.Proof ofSale = null;
        ExportLine.RoomProof ofRoom = null;
        for (String line : lines) {
            switch (Objects.requireNonNull(ExportFormat.parse(line), line)) {
                case ExportLine.Header it -> first = it;
                case ExportLine.Anchor it -> anchors.add(it);
                case ExportLine.Event it -> events.add(it);
                case ExportLine.Missing it -> events.add(it);
                case ExportLine.Admission it -> records.add(it.entry());
                case ExportLine.Frontier it -> grown = it;
                case ExportLine.Sealed it -> seals.add(it);
                case ExportLine.Proof it -> ofSale = it;
                case ExportLine.RoomProof it -> ofRoom = it;
                case ExportLine.End it -> end = it;
            }
        }
        header = Objects.requireNonNull(first);
        frontier = Objects.requireNonNull(grown);
        proof = Objects.requireNonNull(ofSale);
        room = Objects.requireNonNull(ofRoom);
    }

    /** The lines, with the last line as it was unless {@link #sum} was called. */
    List<String> lines() {
        List<String> lines = new ArrayList<>(body());
        if (end != null) {
            lines.add(ExportFormat.render(end));
        }
        return lines;
    }

    private List<String> body() {
        List<ExportLine> all = new ArrayList<>();
        all.add(header);
        all.addAll(anchors);
        all.addAll(events);
        long number = 0;
        for (String record : records) {
            all.add(ExportLine.Admission.of(++number, record));
        }
        all.add(frontier);
        all.addAll(seals);
        all.add(proof);
        all.add(room);
        return all.stream().map(ExportFormat::render).toList();
    }

    ExportLine.Event event(int number) {
        return (ExportLine.Event) events.get(number - 1);
    }

    /** Replaces text in the payload of every event and in every record that has it. */
    Forger replace(String what, String with) {
        int changed = 0;
        for (int index = 0; index < events.size(); index++) {
            ExportLine.Event event = event(index + 1);
            if (event.payload().contains(what)) {
                payload(index + 1, event.payload().replace(what, with));
                changed++;
            }
        }
        for (int index = 0; index < records.size(); index++) {
            if (records.get(index).contains(what)) {
                records.set(index, records.get(index).replace(what, with));
                changed++;
            }
        }
        if (changed == 0) {
            throw new IllegalStateException("Nothing has " + what);
        }
        return this;
    }

    Forger payload(int number, String payload) {
        ExportLine.Event it = event(number);
        return put(number, it.position(), it.timestamp(), payload);
    }

    Forger time(int number, String timestamp) {
        ExportLine.Event it = event(number);
        return put(number, it.position(), timestamp, it.payload());
    }

    private Forger put(int number, long position, String timestamp, String payload) {
        ExportLine.Event it = event(number);
        events.set(
                number - 1,
                new ExportLine.Event(
                        "event",
                        number,
                        position,
                        it.eventId(),
                        it.aggregateType(),
                        it.aggregateId(),
                        it.sequence(),
                        it.type(),
                        it.revision(),
                        timestamp,
                        payload,
                        it.metaData(),
                        it.link()));
        return this;
    }

    Forger header(long seal, long count, long ofRoom, boolean complete) {
        header = new ExportLine.Header(
                "header",
                header.format(),
                header.saleKey(),
                seal,
                count,
                ofRoom,
                complete,
                header.exportedAt(),
                header.keys());
        return this;
    }

    Forger saleKey(String key) {
        header = new ExportLine.Header(
                "header",
                header.format(),
                key,
                header.seal(),
                header.events(),
                header.records(),
                header.complete(),
                header.exportedAt(),
                header.keys());
        return this;
    }

    Forger keys(List<String> keys) {
        header = new ExportLine.Header(
                "header",
                header.format(),
                header.saleKey(),
                header.seal(),
                header.events(),
                header.records(),
                header.complete(),
                header.exportedAt(),
                keys);
        return this;
    }

    Forger exportedAt(String instant) {
        header = new ExportLine.Header(
                "header",
                header.format(),
                header.saleKey(),
                header.seal(),
                header.events(),
                header.records(),
                header.complete(),
                instant,
                header.keys());
        return this;
    }

    /** The digest of the file again; signed if there is a signer. */
    Forger sum(@Nullable Signer signer) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            List<String> body = body();
            body.forEach(line -> sha256.update((line + "\n").getBytes(StandardCharsets.UTF_8)));
            Digest digest = Digest.of(sha256.digest());
            end = ExportLine.End.of(
                    body.size(),
                    digest,
                    signer == null ? null : signer.keyId(),
                    signer == null ? null : signer.sign(digest));
            return this;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Renumbers the events and computes their links. */
    Forger relink() {
        Digest link = Digest.ZERO;
        for (int index = 0; index < events.size(); index++) {
            link = event(index + 1).row().link(link);
            events.set(index, ExportLine.Event.of(index + 1, event(index + 1).row(), link));
        }
        return this;
    }

    /** Computes again everything that the seals cover, and the header's counts. */
    Forger rebuild(@Nullable Signer signer) {
        relink();
        Map<Long, Seal> forged = new HashMap<>();
        for (int index = 0; index < anchors.size(); index++) {
            ExportLine.Anchor it = anchors.get(index);
            ExportLine.Sealed at = at(it.number());
            if (at != null) {
                State state = state(
                        it.leaf(),
                        it.path(),
                        it.roomLeaf(),
                        it.roomPath(),
                        eventsUpTo(at),
                        Math.min(records.size(), ownEvents(it.roomLeaf(), roomPlace())));
                anchors.set(index, ExportLine.Anchor.of(it.number(), null, List.of(), state.sale(), state.room()));
                forged.put(it.number(), at.values().withSales(state.root()));
            }
        }
        ExportLine.Sealed newest = seals.getLast();
        State last = state(proof.leaf(), proof.path(), room.leaf(), room.path(), events.size(), records.size());
        proof = last.sale();
        room = last.room();
        forged.put(newest.number(), newest.values().withSales(last.root()));
        reseal(forged, signer);
        return header(newest.number(), events.size(), records.size(), header.complete())
                .sum(signer);
    }

    private void reseal(Map<Long, Seal> forged, @Nullable Signer signer) {
        List<Digest> nodes = frontier.nodes().stream().map(Digest::ofHex).toList();
        long size = frontier.size();
        Digest previous = Digest.ofHex(seals.getFirst().previous());
        for (int index = 0; index < seals.size(); index++) {
            Seal it = forged.getOrDefault(
                    seals.get(index).number(), seals.get(index).values());
            Seal again = new Seal(
                    size + 1,
                    previous,
                    it.firstPosition(),
                    it.lastPosition(),
                    it.events(),
                    it.records(),
                    it.log(),
                    it.sales(),
                    MerkleTree.rootOf(nodes),
                    it.sealedAt());
            previous = again.digest();
            nodes = MerkleTree.append(nodes, size++, previous, (level, at, node) -> {});
            seals.set(index, sealed(again, signer));
        }
    }

    static ExportLine.Sealed sealed(Seal seal, @Nullable Signer signer) {
        return ExportLine.Sealed.of(
                seal,
                seal.digest(),
                signer == null ? null : signer.keyId(),
                signer == null ? null : signer.sign(seal.digest()));
    }

    /** The tree over the seals begins with it as before; anchors to it are left out. */
    Forger dropFirstSeal() {
        ExportLine.Sealed first = seals.removeFirst();
        anchors.removeIf(anchor -> anchor.number() <= first.number());
        long size = frontier.size();
        List<Digest> nodes = frontier.nodes().stream().map(Digest::ofHex).toList();
        frontier = ExportLine.Frontier.of(
                size + 1, MerkleTree.append(nodes, size, first.values().digest(), (level, at, node) -> {}));
        return this;
    }

    Forger seal(int index, UnaryOperator<ExportLine.Sealed> change) {
        seals.set(index, change.apply(seals.get(index)));
        return this;
    }

    private ExportLine.@Nullable Sealed at(long number) {
        return seals.stream()
                .filter(seal -> seal.number() == number)
                .findFirst()
                .orElse(null);
    }

    private int eventsUpTo(ExportLine.Sealed seal) {
        return (int) events.stream()
                .filter(event -> ((ExportLine.Event) event).position() <= seal.lastPosition())
                .count();
    }

    private Digest salePlace() {
        return SealedSale.digestOf(header.saleKey());
    }

    private Digest roomPlace() {
        return SealedSale.digestOfRoom(header.saleKey());
    }

    private static int ownEvents(List<ExportLine.Proof.Entry> leaf, Digest place) {
        return leaf.stream()
                .filter(entry -> entry.sale().equals(place.toString()))
                .mapToInt(entry -> (int) entry.events())
                .findFirst()
                .orElse(0);
    }

    private record State(ExportLine.Proof sale, ExportLine.RoomProof room, Digest root) {}

    /** Both leaves with new heads, and the paths that follow from them. */
    private State state(
            List<ExportLine.Proof.Entry> leaf,
            List<String> path,
            List<ExportLine.Proof.Entry> roomLeaf,
            List<String> roomPath,
            int count,
            int ofRoom) {
        Digest head = count == 0 ? Digest.ZERO : Digest.ofHex(event(count).link());
        Digest roomHead = Digest.ZERO;
        for (int number = 1; number <= ofRoom; number++) {
            roomHead = new RoomRecord(header.saleKey(), number, records.get(number - 1)).link(roomHead);
        }
        List<SealedSale> sales = with(leaf, new SealedSale(salePlace(), count, head));
        List<SealedSale> rooms = with(roomLeaf, new SealedSale(roomPlace(), ofRoom, roomHead));
        int one = new SealedSale(salePlace(), 0, Digest.ZERO).bucket();
        int other = new SealedSale(roomPlace(), 0, Digest.ZERO).bucket();
        List<Digest> up = new ArrayList<>(path.stream().map(Digest::ofHex).toList());
        List<Digest> roomUp =
                new ArrayList<>(roomPath.stream().map(Digest::ofHex).toList());
        int meet = Integer.SIZE - Integer.numberOfLeadingZeros(one ^ other) - 1;
        Digest below = node(one, SaleTree.bucket(sales), up, meet);
        Digest roomBelow = node(other, SaleTree.bucket(rooms), roomUp, meet);
        up.set(meet, roomBelow);
        roomUp.set(meet, below);
        return new State(
                ExportLine.Proof.of(sales, up),
                ExportLine.RoomProof.of(rooms, roomUp),
                SaleTree.rootOf(one, SaleTree.bucket(sales), up));
    }

    private static Digest node(int bucket, Digest leaf, List<Digest> path, int levels) {
        // The tree's own node function, on a path that is cut off.
        Digest digest = leaf;
        int index = bucket;
        for (int level = 0; level < levels; level++) {
            Digest sibling = path.get(level);
            digest = index % 2 == 0 ? join(digest, sibling) : join(sibling, digest);
            index /= 2;
        }
        return digest;
    }

    private static Digest join(Digest left, Digest right) {
        return Digest.over("onsale.node.v1").put(left).put(right).digest();
    }

    private static List<SealedSale> with(List<ExportLine.Proof.Entry> leaf, SealedSale own) {
        List<SealedSale> sales = new ArrayList<>();
        for (ExportLine.Proof.Entry entry : leaf) {
            if (!entry.sale().equals(own.sale().toString())) {
                sales.add(new SealedSale(Digest.ofHex(entry.sale()), entry.events(), Digest.ofHex(entry.head())));
            }
        }
        if (own.events() > 0) {
            sales.add(own);
        }
        return sales;
    }
}
