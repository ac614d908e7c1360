package dev.onsale.proof.verify;

import dev.onsale.api.coupon.CouponIssued;
import dev.onsale.eventlog.EventJson;
import dev.onsale.proof.export.ExportFormat;
import dev.onsale.proof.export.ExportLine;
import dev.onsale.proof.invariant.HandMadeLog;
import dev.onsale.proof.seal.Digest;
import dev.onsale.proof.seal.Seal;
import dev.onsale.proof.sealing.Signer;
import dev.onsale.proof.verify.Forgery.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The forgeries of {@link AdversaryTest}. */
final class Forgeries {

    private Forgeries() {}

    static List<Forgery> all() {
        return Stream.of(ofTheTables(), ofTheDatabase(), withTheKey(), againstAnchors())
                .flatMap(List::stream)
                .toList();
    }

    private static Forgery show(
            Role role, String name, @Nullable Level at, String finding, BiConsumer<Forger, PlayedSale> how) {
        return new Forgery(role, name, at, finding, sale -> apply(sale.show, sale, how));
    }

    private static Forgery campaign(
            Role role, String name, @Nullable Level at, String finding, BiConsumer<Forger, PlayedSale> how) {
        return new Forgery(role, name, at, finding, sale -> apply(sale.campaign, sale, how));
    }

    private static List<String> apply(List<String> lines, PlayedSale sale, BiConsumer<Forger, PlayedSale> how) {
        Forger forger = new Forger(lines);
        how.accept(forger, sale);
        return forger.lines();
    }

    /** Changes without a new computation, or with one that is not complete. */
    private static List<Forgery> ofTheTables() {
        Role role = Role.DATABASE;
        Level self = Level.SELF_CONSISTENT;
        return List.of(
                campaign(role, "an event is changed", self, "Event 2,", (it, sale) -> it.replace("anna", "mallory")),
                campaign(
                        role,
                        "an event is changed and linked again",
                        self,
                        "not the last sealed event",
                        (it, sale) -> it.replace("anna", "mallory").relink().sum(null)),
                campaign(role, "an event is removed from the store", self, "no longer in the store", (it, sale) -> {
                    ExportLine.Event lost = it.event(4);
                    it.events.set(3, new ExportLine.Missing("missing", 4, lost.position(), lost.link()));
                    it.sum(null);
                }),
                campaign(
                        role,
                        "the last events are dropped and the seals kept",
                        self,
                        "sealed events of the sale",
                        (it, sale) -> {
                            it.events.removeLast();
                            it.header(it.header.seal(), 5, 0, true).sum(null);
                        }),
                campaign(role, "an event is inserted", self, "is out of order", (it, sale) -> {
                    it.events.add(3, it.event(3));
                    it.sum(null);
                }),
                show(
                        role,
                        "the records of the waiting room are left out",
                        self,
                        "sealed records of the waiting room",
                        (it, sale) -> {
                            it.records.clear();
                            it.sum(null);
                        }),
                show(role, "the seed is left out of the file", self, "DRAWN_AS_PROMISED", (it, sale) -> {
                    it.records.removeIf(record -> record.startsWith("{\"seed\""));
                    it.sum(null);
                }),
                show(role, "a used token is given to another", self, "not those that were sealed", (it, sale) -> {
                    it.records.replaceAll(
                            record -> record.startsWith("{\"used\"") ? record.replace("\"anna\"", "\"zoe\"") : record);
                    it.sum(null);
                }),
                campaign(role, "a seal in the middle is removed", self, "does not follow seal", (it, sale) -> {
                    it.seals.remove(2);
                    it.sum(null);
                }),
                campaign(role, "two seals change places", self, "does not follow seal", (it, sale) -> {
                    Collections.swap(it.seals, 2, 3);
                    it.sum(null);
                }),
                campaign(
                        role,
                        "a seal has a signature of another",
                        self,
                        "has an invalid signature",
                        (it, sale) -> it.seal(2, seal -> signedAs(seal, it.seals.get(1)))
                                .sum(null)),
                campaign(role, "the sale is shown under another id", self, "belongs to sale", (it, sale) -> it.saleKey(
                                PlayedSale.SHOW)
                        .sum(null)),
                campaign(
                        role,
                        "the tree over the seals has another beginning",
                        self,
                        "another tree over the seals",
                        (it, sale) -> {
                            it.frontier = ExportLine.Frontier.of(1, List.of(dev.onsale.proof.seal.Digest.ZERO));
                            it.seal(0, seal -> it.seals.get(1));
                            it.seals.removeFirst();
                            it.sum(null);
                        }),
                campaign(
                        role,
                        "the state at an anchor is left out of its leaf",
                        self,
                        "does not match the root of seal",
                        (it, sale) -> {
                            ExportLine.Anchor anchor = it.anchors.getFirst();
                            it.anchors.set(
                                    0,
                                    new ExportLine.Anchor(
                                            "anchor",
                                            anchor.number(),
                                            null,
                                            List.of(),
                                            List.of(),
                                            anchor.path(),
                                            anchor.roomLeaf(),
                                            anchor.roomPath()));
                            it.sum(null);
                        }),
                campaign(
                        role,
                        "a seal is dated before the one before it",
                        self,
                        "before the seal before it",
                        (it, sale) -> {
                            it.seal(3, seal -> dated(seal, "2020-01-01T00:00:00Z"));
                            it.rebuild(null);
                        }),
                campaign(role, "an event is dated before the sale", self, "was back-dated", (it, sale) -> it.time(
                                5, "2020-01-01T00:00:00Z")
                        .rebuild(null)),
                campaign(role, "an event is dated after its seal", self, "after its seal", (it, sale) -> it.time(
                                6, Instant.now().plusSeconds(86_400).toString())
                        .rebuild(null)),
                campaign(
                        role,
                        "a coupon is issued twice to one person",
                        self,
                        "ONE_COUPON_PER_PERSON",
                        (it, sale) -> it.payload(4, it.event(4).payload().replace("carl", "anna"))
                                .rebuild(null)),
                show(role, "the seed is removed from the log", self, "is missing", (it, sale) -> {
                    it.records.removeIf(record -> record.startsWith("{\"seed\""));
                    it.rebuild(null);
                }),
                show(role, "the waiting room is removed from the log", self, "NOBODY_JUMPED_THE_QUEUE", (it, sale) -> {
                    it.records.clear();
                    it.rebuild(null);
                }),
                new Forgery(
                        role,
                        "the file has the format of version 1, which does not cover the waiting room",
                        self,
                        "does not belong to this format",
                        Forgeries::asVersion1),
                campaign(
                        role,
                        "a payload has a name twice, for two readers",
                        self,
                        "cannot be read as onsale.coupon-issued",
                        (it, sale) -> it.payload(
                                        2,
                                        it.event(2)
                                                .payload()
                                                .replace(
                                                        "\"buyerId\":\"anna\"",
                                                        "\"buyerId\":\"mallory\",\"buyerId\":\"anna\""))
                                .rebuild(null)),
                show(role, "a record of the waiting room has a name twice", self, "is not a record", (it, sale) -> {
                    it.records.replaceAll(
                            record -> record.replace("\"kind\":\"JOINED\"", "\"kind\":\"LEFT\",\"kind\":\"JOINED\""));
                    it.rebuild(null);
                }));
    }

    /** The seals and the sale are true; the records of the waiting room are not. */
    private static List<String> asVersion1(PlayedSale sale) {
        List<String> lines = new ArrayList<>();
        for (String line : sale.show) {
            if (line.startsWith("{\"kind\":\"header\"")) {
                lines.add(line.replace("v2", "v1").replaceFirst("\"records\":\\d+,", ""));
            } else if (line.startsWith("{\"kind\":\"admission\"")) {
                lines.add(line.replace("anna", "zoe"));
            } else if (!line.matches("\\{\"kind\":\"(anchor|frontier|roomProof|end)\".*")) {
                lines.add(line);
            }
        }
        Digest digest = Digest.sha256((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
        lines.add(ExportFormat.render(ExportLine.End.of(lines.size(), digest, null, null)));
        return lines;
    }

    /** Everything computed again, without the key. */
    private static List<Forgery> ofTheDatabase() {
        Role role = Role.DATABASE;
        Level signed = Level.SIGNED;
        return List.of(
                campaign(
                        role,
                        "a coupon is given to another, all is computed again",
                        signed,
                        "is not signed",
                        (it, sale) -> it.replace("anna", "mallory").rebuild(null)),
                campaign(role, "two buyers' ranks are swapped", signed, "is not signed", (it, sale) -> swapRanks(it)
                        .rebuild(null)),
                campaign(
                        role,
                        "the last events are dropped, all is computed again",
                        signed,
                        "is not signed",
                        (it, sale) -> dropLast(it).rebuild(null)),
                campaign(
                        role,
                        "an event is inserted, all is computed again",
                        signed,
                        "is not signed",
                        (it, sale) -> insert(it).rebuild(null)),
                campaign(
                        role,
                        "all is signed with a key of the forger's own",
                        signed,
                        "which is not trusted",
                        (it, sale) -> {
                            Signer own = own();
                            it.replace("anna", "mallory")
                                    .keys(List.of(own.jwk()))
                                    .rebuild(own);
                        }),
                campaign(
                        role,
                        "the forger's key has the name of the real one",
                        signed,
                        "has an invalid signature",
                        (it, sale) -> {
                            Signer own = own().named(sale.signer.keyId());
                            it.replace("anna", "mallory")
                                    .keys(List.of(own.jwk()))
                                    .rebuild(own);
                        }),
                campaign(role, "one seal has lost its signature", signed, "is not signed", (it, sale) -> {
                    it.seal(2, seal -> Forger.sealed(seal.values(), null));
                    it.sum(null);
                }),
                campaign(
                        role,
                        "unsigned seals over a forged sale are under a signed one",
                        signed,
                        "is not signed",
                        (it, sale) -> it.replace("anna", "mallory")
                                .rebuild(null)
                                .seal(it.seals.size() - 1, seal -> Forger.sealed(seal.values(), sale.signer))
                                .sum(sale.signer)),
                show(
                        role,
                        "an older export is replayed with a new date",
                        signed,
                        "The file is not signed",
                        (it, sale) -> {
                            Forger older = new Forger(sale.olderShow);
                            become(it, older);
                            it.exportedAt(Instant.now().toString()).sum(null);
                        }),
                campaign(role, "the sale is dropped", signed, "is not signed", (it, sale) -> {
                    it.events.clear();
                    it.rebuild(null);
                }),
                campaign(
                        role,
                        "the file says that the sale goes on, so that rules for its end are left out",
                        signed,
                        "The file is not signed",
                        (it, sale) -> it.header(it.header.seal(), it.header.events(), 0, false)
                                .sum(null)));
    }

    private static List<Forgery> withTheKey() {
        Role role = Role.DATABASE_AND_KEY;
        Level self = Level.SELF_CONSISTENT;
        return List.of(
                campaign(
                        role,
                        "a coupon is given to another and all seals are signed again",
                        null,
                        "",
                        (it, sale) -> it.replace("anna", "mallory").rebuild(sale.signer)),
                campaign(
                        role,
                        "two buyers' ranks are swapped and all seals are signed again",
                        null,
                        "",
                        (it, sale) -> swapRanks(it).rebuild(sale.signer)),
                campaign(
                        role,
                        "the last events are dropped and all seals are signed again",
                        null,
                        "",
                        (it, sale) -> dropLast(it).rebuild(sale.signer)),
                show(role, "an older export is replayed and signed with a new date", null, "", (it, sale) -> {
                    become(it, new Forger(sale.olderShow));
                    it.exportedAt(Instant.now().toString()).sum(sale.signer);
                }),
                show(role, "the draw is made again with a seed that suits", null, "", (it, sale) -> drawAgain(it)
                        .rebuild(sale.signer)),
                campaign(role, "all times are moved together", null, "", (it, sale) -> move(it).rebuild(sale.signer)),
                show(
                        role,
                        "the waiting room is removed and all seals are signed again",
                        self,
                        "NOBODY_JUMPED_THE_QUEUE",
                        (it, sale) -> {
                            it.records.clear();
                            it.rebuild(sale.signer);
                        }),
                campaign(
                        role,
                        "the first seals are left out of the file and it is signed again",
                        self,
                        "does not cover the first event",
                        (it, sale) -> it.dropFirstSeal().sum(sale.signer)),
                show(role, "the seed is removed and all seals are signed again", self, "is missing", (it, sale) -> {
                    it.records.removeIf(record -> record.startsWith("{\"seed\""));
                    it.rebuild(sale.signer);
                }),
                show(
                        role,
                        "the draw is changed without another seed",
                        self,
                        "drew an earlier one",
                        (it, sale) -> swapPlaces(it).rebuild(sale.signer)),
                campaign(role, "more coupons than there are, signed", self, "NO_OVER_ISSUE", (it, sale) -> it.payload(
                                1, it.event(1).payload().replace("\"quantity\":10", "\"quantity\":4"))
                        .rebuild(sale.signer)),
                campaign(
                        role,
                        "an event is back-dated and all seals are signed again",
                        self,
                        "was back-dated",
                        (it, sale) -> it.time(5, "2020-01-01T00:00:00Z").rebuild(sale.signer)),
                campaign(role, "an event after the sale is dated into it", self, "sealed only at", (it, sale) -> {
                    Instant late = Instant.now().plusSeconds(3L * 86_400);
                    it.seal(it.seals.size() - 1, seal -> dated(seal, late.toString()));
                    it.rebuild(sale.signer);
                }),
                campaign(role, "one forged seal is left unsigned", Level.SIGNED, "is not signed", (it, sale) -> {
                    it.replace("anna", "mallory").rebuild(sale.signer);
                    it.seal(2, seal -> Forger.sealed(seal.values(), null));
                    it.sum(sale.signer);
                }));
    }

    private static List<Forgery> againstAnchors() {
        Role role = Role.DATABASE_AND_KEY_ANCHORED_ELSEWHERE;
        Level anchored = Level.ANCHORED;
        return List.of(
                campaign(
                        role,
                        "an event after the newest anchor is dated before the time at which a witness looked",
                        anchored,
                        "was the newest: it was back-dated",
                        Forgeries::backDateTheLast),
                campaign(
                        role,
                        "a coupon that an anchor covers is given to another",
                        anchored,
                        "the chain was recomputed",
                        (it, sale) -> it.replace("anna", "mallory").rebuild(sale.signer)),
                campaign(
                        role,
                        "ranks that an anchor covers are swapped",
                        anchored,
                        "the chain was recomputed",
                        (it, sale) -> swapRanks(it).rebuild(sale.signer)),
                campaign(
                        role,
                        "the log is rewritten from the first anchor on",
                        anchored,
                        "the chain was recomputed",
                        (it, sale) -> it.replace("carl", "mallory").rebuild(sale.signer)),
                campaign(
                        role,
                        "seals are kept up to the newest anchor and events below it are rewritten",
                        Level.SELF_CONSISTENT,
                        "they were rewritten",
                        (it, sale) -> keepAnchors(it, sale, forger -> forger.replace("anna", "mallory"))),
                campaign(
                        role,
                        "the anchor's line is removed",
                        anchored,
                        "does not prove the state",
                        (it, sale) -> keepAnchors(it, sale, forger -> {
                            forger.replace("anna", "mallory");
                            forger.anchors.clear();
                        })),
                campaign(role, "the last events below an anchor are dropped", anchored, "", (it, sale) -> {
                    dropLast(dropLast(it)).rebuild(sale.signer);
                }),
                campaign(role, "the sale is dropped and all seals are signed again", anchored, "", (it, sale) -> {
                    it.events.clear();
                    it.rebuild(sale.signer);
                }),
                show(
                        role,
                        "an older export is replayed after the newest anchor",
                        anchored,
                        "the end of the log was removed",
                        (it, sale) -> {
                            become(it, new Forger(sale.olderShow));
                            it.exportedAt(Instant.now().toString()).sum(sale.signer);
                        }),
                show(
                        role,
                        "the draw is made again after an anchor",
                        anchored,
                        "the chain was recomputed",
                        (it, sale) -> drawAgain(it).rebuild(sale.signer)),
                campaign(
                        role,
                        "all times are moved together after an anchor",
                        anchored,
                        "the chain was recomputed",
                        (it, sale) -> move(it).rebuild(sale.signer)),
                show(
                        role,
                        "records of the waiting room that an anchor covers are changed",
                        anchored,
                        "the chain was recomputed",
                        (it, sale) -> {
                            it.records.replaceAll(record -> record.replace("token-1", "token-9"));
                            it.rebuild(sale.signer);
                        }),
                campaign(role, "two witnesses are shown two logs", anchored, "the chain was recomputed", (it, sale) -> {
                    // The second witness noted the real seals; the file continues what the first one was shown.
                    it.replace("ben", "mallory").rebuild(sale.signer);
                }),
                campaign(
                        role,
                        "another log with the same sale id is shown",
                        anchored,
                        "the chain was recomputed",
                        (it, sale) -> {
                            it.seal(
                                    0,
                                    seal -> dated(
                                            seal,
                                            Instant.parse(seal.sealedAt())
                                                    .plusMillis(1)
                                                    .toString()));
                            it.rebuild(sale.signer);
                        }),
                campaign(
                        role,
                        "events after the newest anchor are rewritten",
                        null,
                        "",
                        (it, sale) -> rebuildAfterAnchors(it.replace("emil", "mallory"), sale)),
                campaign(
                        role,
                        "events after the newest anchor are dropped",
                        null,
                        "",
                        (it, sale) -> rebuildAfterAnchors(dropLast(it), sale)));
    }

    /** Signs the newest seal again; those before are as they were. */
    private static void rebuildAfterAnchors(Forger it, PlayedSale sale) {
        List<ExportLine.Sealed> real = List.copyOf(it.seals);
        it.rebuild(sale.signer);
        for (int index = 0; index < real.size() - 1; index++) {
            it.seals.set(index, real.get(index));
        }
        ExportLine.Sealed last = it.seals.getLast();
        Seal again = last.values();
        ExportLine.Sealed before = real.getLast();
        Seal values = new Seal(
                again.number(),
                before.values().previous(),
                again.firstPosition(),
                again.lastPosition(),
                again.events(),
                again.records(),
                again.log(),
                again.sales(),
                before.values().tree(),
                again.sealedAt());
        it.seals.set(it.seals.size() - 1, Forger.sealed(values, sale.signer));
        it.sum(sale.signer);
    }

    /** The real seals and states up to the newest, and a newest seal over forged events. */
    private static void keepAnchors(Forger it, PlayedSale sale, Consumer<Forger> change) {
        List<ExportLine.Anchor> anchors = List.copyOf(it.anchors);
        change.accept(it);
        boolean removed = it.anchors.isEmpty();
        rebuildAfterAnchors(it, sale);
        if (!removed) {
            long newest = sale.anchors.getLast().number();
            it.anchors.clear();
            anchors.stream().filter(anchor -> anchor.number() <= newest).forEach(it.anchors::add);
        }
        it.sum(sale.signer);
    }

    /** Half an hour earlier, after the newest anchor and in order. */
    private static void backDateTheLast(Forger it, PlayedSale sale) {
        int number = it.events.size();
        String before =
                Instant.parse(it.event(number).timestamp()).minusSeconds(1_800).toString();
        it.time(number, before);
        it.seal(it.seals.size() - 1, seal -> dated(seal, before));
        rebuildAfterAnchors(it, sale);
    }

    private static void become(Forger it, Forger other) {
        it.header = other.header;
        it.frontier = other.frontier;
        it.proof = other.proof;
        it.room = other.room;
        it.end = other.end;
        replaceAll(it.anchors, other.anchors);
        replaceAll(it.events, other.events);
        replaceAll(it.records, other.records);
        replaceAll(it.seals, other.seals);
    }

    private static <T> void replaceAll(List<T> list, List<T> with) {
        list.clear();
        list.addAll(with);
    }

    private static Forger swapRanks(Forger it) {
        String anna = it.event(2).payload();
        String ben = it.event(3).payload();
        return it.payload(2, anna.replace("anna", "ben")).payload(3, ben.replace("ben", "anna"));
    }

    private static Forger dropLast(Forger it) {
        it.events.removeLast();
        return it;
    }

    private static Forger insert(Forger it) {
        ExportLine.Event last = it.event(it.events.size());
        CouponIssued more = new CouponIssued(
                HandMadeLog.CAMPAIGN, HandMadeLog.couponOf("fay"), HandMadeLog.buyerNamed("fay"), 6, HandMadeLog.NOON);
        it.events.add(new ExportLine.Event(
                "event",
                last.number() + 1,
                it.seals.getLast().lastPosition(),
                "forged",
                last.aggregateType(),
                last.aggregateId(),
                last.sequence() + 1,
                last.type(),
                last.revision(),
                last.timestamp(),
                EventJson.mapper().writeValueAsString(more),
                last.metaData(),
                last.link()));
        return it;
    }

    private static Forger swapPlaces(Forger it) {
        List<String> ranked = new ArrayList<>(
                it.records.stream().filter(record -> record.contains("RANKED")).toList());
        String first = PlayedSale.drawn(PlayedSale.SEED, "anna", "ben", "carl").get(0);
        String second = PlayedSale.drawn(PlayedSale.SEED, "anna", "ben", "carl").get(1);
        for (String record : ranked) {
            int at = it.records.indexOf(record);
            it.records.set(at, record.contains(first) ? record.replace(first, second) : record.replace(second, first));
        }
        return it;
    }

    /** Another seed, and the visitors in its order. */
    private static Forger drawAgain(Forger it) {
        String seed = "a7".repeat(32);
        List<String> drawn = PlayedSale.drawn(seed, "anna", "ben", "carl");
        List<String> again = new ArrayList<>();
        int place = 0;
        int admitted = 0;
        for (String record : it.records) {
            if (record.startsWith("{\"room\"")) {
                again.add(PlayedSale.room(seed));
            } else if (record.startsWith("{\"seed\"")) {
                again.add("{\"seed\":\"" + seed + "\"}");
            } else if (record.contains("RANKED")) {
                again.add(PlayedSale.entry("RANKED", drawn.get(place), ++place, "-"));
            } else if (record.contains("ADMITTED")) {
                again.add(PlayedSale.entry("ADMITTED", drawn.get(admitted), admitted + 1, "token-" + ++admitted));
            } else {
                again.add(record);
            }
        }
        replaceAll(it.records, again);
        return it;
    }

    /** An hour earlier, events and seals. */
    private static Forger move(Forger it) {
        for (int number = 1; number <= it.events.size(); number++) {
            it.time(
                    number,
                    Instant.parse(it.event(number).timestamp())
                            .minusSeconds(3_600)
                            .toString());
        }
        it.seals.replaceAll(seal ->
                dated(seal, Instant.parse(seal.sealedAt()).minusSeconds(3_600).toString()));
        return it;
    }

    private static ExportLine.Sealed dated(ExportLine.Sealed seal, String instant) {
        Seal it = seal.values();
        return Forger.sealed(
                new Seal(
                        it.number(),
                        it.previous(),
                        it.firstPosition(),
                        it.lastPosition(),
                        it.events(),
                        it.records(),
                        it.log(),
                        it.sales(),
                        it.tree(),
                        instant),
                null);
    }

    private static ExportLine.Sealed signedAs(ExportLine.Sealed seal, ExportLine.Sealed other) {
        Seal it = seal.values();
        return ExportLine.Sealed.of(it, it.digest(), other.keyId(), other.signature());
    }

    private static Signer own() {
        try {
            Path folder = Files.createTempDirectory("forger");
            try {
                return Signer.inFile(folder.resolve("key.json"));
            } finally {
                Files.deleteIfExists(folder.resolve("key.json"));
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
