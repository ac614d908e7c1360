package dev.onsale.proof.verify;

import dev.onsale.eventlog.EventJson;
import dev.onsale.proof.export.ExportLine;
import dev.onsale.proof.export.Receipt;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Checks a buyer's receipt: each fact is in its block, each block under the head, and the head and the text are signed. */
final class ReceiptCheck {

    private static final JsonMapper OUTSIDE = EventJson.strictMapper()
            .rebuild()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final List<String> problems = new ArrayList<>();
    private final Trust trust;

    private ReceiptCheck(Trust trust) {
        this.trust = trust;
    }

    /**
     * @param body what was read
     * @param problems empty if the receipt passed
     */
    record Checked(Receipt.Body body, List<String> problems) {

        Checked {
            problems = List.copyOf(problems);
        }

        boolean passed() {
            return problems.isEmpty();
        }
    }

    /** @throws DamagedFileException if the text is no receipt */
    static Checked of(String json, Trust trust) throws DamagedFileException {
        try {
            Receipt receipt = OUTSIDE.readValue(json, Receipt.class);
            Receipt.Body body = EventJson.mapper().readValue(receipt.body(), Receipt.Body.class);
            ReceiptCheck check = new ReceiptCheck(trust);
            // What has two spellings could say two things to two readers.
            check.require(
                    EventJson.mapper().writeValueAsString(body).equals(receipt.body()),
                    "The receipt is not in its canonical form");
            check.check(receipt, body);
            return new Checked(body, check.problems);
        } catch (JacksonException | NullPointerException notOne) {
            throw new DamagedFileException("The file is not a receipt");
        }
    }

    private void require(boolean condition, String what) {
        if (!condition) {
            problems.add(what);
        }
    }

    private void check(Receipt receipt, Receipt.Body body) {
        require(
                body.format().equals(body.soldOut() == null ? Receipt.FORMAT_1 : Receipt.FORMAT),
                "The format is " + body.format());
        Keys keys = trust.keys();
        if (keys == null) {
            keys = new Keys();
            for (String jwk : body.keys()) {
                require(keys.add(jwk), "The receipt has an invalid key");
            }
        }
        Hash text = Hash.raw(receipt.body().getBytes(StandardCharsets.UTF_8));
        requireSignature("The receipt", text, receipt.keyId(), receipt.signature(), keys);
        ReceiptFacts facts = new ReceiptFacts(body, problems);
        facts.requireIssued();
        try {
            Map<Long, ExportLine.Sealed> seals = seals(body, keys);
            for (Receipt.Fact fact : body.facts()) {
                check(fact, body, seals.get(fact.seal()), facts);
            }
            for (Receipt.SoldOut soldOut : body.soldOut() == null ? List.<Receipt.SoldOut>of() : body.soldOut()) {
                facts.on(soldOut);
                check(soldOut.last(), soldOut.from(), seals, facts);
                check(soldOut.next(), soldOut.until(), seals, facts);
            }
        } catch (IllegalArgumentException wrong) {
            problems.add("The receipt is damaged: " + wrong.getMessage());
        }
    }

    /** That there is such an event at this place; its content is not in the receipt. */
    private void check(
            Receipt.@Nullable Place place,
            @Nullable String time,
            Map<Long, ExportLine.Sealed> seals,
            ReceiptFacts facts) {
        if (place == null || time == null) {
            return;
        }
        ExportLine.Sealed seal = seals.get(place.seal());
        if (seal == null) {
            problems.add("A place in the log has no seal");
            return;
        }
        String name = "The event at position " + place.position();
        facts.requireTime(name, time, seal);
        requireIn(name, place.position(), seal);
        requireCovered(name, Hash.of(place.event()), place.index(), place.size(), place.path(), seal);
    }

    private void requireIn(String name, long position, ExportLine.Sealed seal) {
        require(
                position >= seal.firstPosition() && position <= seal.lastPosition(),
                name + " is not in the block of seal " + seal.number());
    }

    private void requireCovered(
            String name, Hash data, long index, long size, List<String> path, ExportLine.Sealed seal) {
        long all = seal.events() + (seal.records() == null ? 0 : seal.records());
        require(
                all == size
                        && Merkle.rootOfInclusion(data, index, all, Hash.of(path))
                                .equals(Hash.parse(seal.log())),
                name + " is not what seal " + seal.number() + " covers");
    }

    /** The seals that are under the head, by number. */
    private Map<Long, ExportLine.Sealed> seals(Receipt.Body body, Keys keys) {
        ExportLine.Sealed head = body.head();
        Hash digest = valid("The head", head, keys);
        Map<Long, ExportLine.Sealed> seals = new HashMap<>();
        Map<Long, Hash> digests = new HashMap<>();
        digests.put(head.number(), digest);
        for (Receipt.SealProof proof : body.seals()) {
            ExportLine.Sealed seal = proof.seal();
            Hash own = valid("Seal " + seal.number(), seal, keys);
            boolean under = seal.number() == head.number()
                    ? own.equals(digest)
                    : Merkle.rootOfInclusion(own, seal.number() - 1, head.number() - 1, Hash.of(proof.inclusion()))
                            .equals(Hash.of(head.tree()));
            require(under, "Seal " + seal.number() + " is not under the head");
            seals.put(seal.number(), seal);
            digests.put(seal.number(), own);
        }
        for (Anchor anchor : trust.anchors()) {
            require(
                    anchor.seal().equals(digests.get(anchor.number())),
                    "Seal " + anchor.number() + " is not in the receipt, or is another one");
        }
        return seals;
    }

    private Hash valid(String name, ExportLine.Sealed seal, Keys keys) {
        Hash digest = Hash.seal(seal);
        require(digest.equals(Hash.parse(seal.seal())), name + " is not the digest of its own values");
        requireSignature(name, digest, seal.keyId(), seal.signature(), keys);
        return digest;
    }

    private void requireSignature(
            String name, Hash digest, @Nullable String keyId, @Nullable String signature, Keys keys) {
        if (keyId == null) {
            require(trust.keys() == null || trust.allowUnsigned(), name + " is not signed");
            require(signature == null, name + " has a signature without a key");
        } else {
            require(keys.verifies(digest, keyId, signature), name + " has no valid signature of a trusted key");
        }
    }

    private void check(Receipt.Fact fact, Receipt.Body body, ExportLine.@Nullable Sealed seal, ReceiptFacts facts) {
        ExportLine.Event event = fact.event();
        ExportLine.Admission record = fact.record();
        if (seal == null || (event == null) == (record == null)) {
            problems.add("A fact has no seal, or is not exactly one event or record");
        } else if (event != null) {
            String name = "Event at position " + event.position();
            requireIn(name, event.position(), seal);
            requireCovered(name, Hash.event(event), fact.index(), fact.size(), fact.path(), seal);
            facts.on(event, seal);
        } else if (record != null) {
            Hash data = Hash.record(body.saleKey(), record.number(), record.entry());
            String name = "Record " + record.number() + " of the waiting room";
            requireCovered(name, data, fact.index(), fact.size(), fact.path(), seal);
            facts.on(record);
        }
    }
}
