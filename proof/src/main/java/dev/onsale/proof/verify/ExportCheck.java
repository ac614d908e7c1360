package dev.onsale.proof.verify;

import dev.onsale.api.OnsaleEvent;
import dev.onsale.eventlog.EventJson;
import dev.onsale.eventlog.UnknownVersionException;
import dev.onsale.proof.export.ExportFormat;
import dev.onsale.proof.export.ExportLine;
import dev.onsale.proof.invariant.Findings;
import dev.onsale.proof.invariant.LogEvent;
import dev.onsale.proof.invariant.LogFold;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Checks an export in one pass. Memory grows with the seats, buyers, coupons and reservations of the sale, not with the file. */
final class ExportCheck {

    /** The kinds of lines, in their order in the file. */
    private enum Part {
        HEADER,
        ANCHORS,
        EVENTS,
        ADMISSIONS,
        FRONTIER,
        SEALS,
        PROOF,
        ROOM_PROOF,
        END,
        NOTHING
    }

    private final Tampering tampering = new Tampering();
    private final LogFold fold = new LogFold();
    private final SaleState sale = new SaleState("the sale", tampering);
    private final SaleState room = new SaleState("the waiting room", tampering);
    private final SaleChain chain = new SaleChain(tampering, sale);
    private final AdmissionFold admissions = new AdmissionFold(tampering, room);
    private final Trust trust;
    private final Anchors anchors;
    private final EventTimes times;
    private final SealChain seals;
    private final Keys keys;
    private final List<ReceiptComparison> receipts = new ArrayList<>();
    private final MessageDigest digest = sha256();
    private Part part = Part.HEADER;
    private ExportLine.@Nullable Header header;
    private boolean signed;
    private boolean hasFrontier;
    private long lastPosition;
    private long lines;

    private ExportCheck(Trust trust) {
        this.trust = trust;
        Keys given = trust.keys();
        this.keys = given == null ? new Keys() : given;
        this.anchors = new Anchors(tampering, trust, sale, room);
        this.times = new EventTimes(tampering, trust.sealedWithin());
        this.seals = new SealChain(tampering, anchors, times, given != null && !trust.allowUnsigned());
    }

    /**
     * @throws IOException if the file cannot be read
     * @throws DamagedFileException if the file is not an export
     */
    static ProofResult of(Path file, Trust trust) throws IOException, DamagedFileException {
        return compared(file, trust, List.of());
    }

    /** @param receipts that the file must agree with */
    static ProofResult compared(Path file, Trust trust, List<ReceiptCheck.Checked> receipts)
            throws IOException, DamagedFileException {
        ExportCheck check = new ExportCheck(trust);
        receipts.forEach(check::compare);
        try (ExportFile export = ExportFile.open(file)) {
            try {
                for (byte[] line = export.next(); line != null; line = export.next()) {
                    check.on(line);
                }
            } catch (DamagedFileException damaged) {
                check.tampering.add("After line " + check.lines + ": " + damaged.getMessage());
            }
        }
        return check.result();
    }

    static ProofResult of(Path file, @Nullable Keys trusted, @Nullable Anchor anchor)
            throws IOException, DamagedFileException {
        return of(
                file,
                new Trust(
                        trusted, anchor == null ? List.of() : List.of(anchor), List.of(), false, Trust.SEALED_WITHIN));
    }

    private void compare(ReceiptCheck.Checked receipt) {
        String buyer = receipt.body().buyer();
        receipt.problems().forEach(what -> tampering.add("The receipt of " + buyer + ": " + what));
        if (receipt.passed()) {
            receipts.add(new ReceiptComparison(receipt.body(), tampering));
        }
    }

    private void on(byte[] bytes) throws DamagedFileException {
        lines++;
        String text = ExportFile.text(bytes);
        ExportLine line = text == null ? null : ExportFormat.parse(text);
        if (!(line instanceof ExportLine.End)) {
            digest.update(bytes);
            digest.update((byte) '\n');
        }
        if (line == null) {
            unreadable();
            return;
        }
        switch (line) {
            case ExportLine.Header first -> {
                enter(Part.HEADER, Part.ANCHORS);
                on(first);
            }
            case ExportLine.Anchor anchor -> {
                enter(Part.ANCHORS, Part.ANCHORS);
                requireVersion2("An anchor");
                anchors.on(anchor, saleKey(), lines);
            }
            case ExportLine.Event event -> {
                enter(Part.EVENTS, Part.EVENTS);
                on(event);
            }
            case ExportLine.Missing missing -> {
                enter(Part.EVENTS, Part.EVENTS);
                chain.on(missing, lines);
            }
            case ExportLine.Admission admission -> {
                enter(Part.ADMISSIONS, Part.ADMISSIONS);
                admissions.on(admission, saleKey(), lines);
            }
            case ExportLine.Frontier frontier -> {
                enter(Part.FRONTIER, Part.SEALS);
                requireVersion2("A frontier");
                hasFrontier = true;
                seals.on(frontier, lines, keys);
            }
            case ExportLine.Sealed seal -> {
                enter(Part.SEALS, Part.SEALS);
                if (seal.tree() != null) {
                    // Version 1 does not prove the tree and the waiting room that such a seal covers.
                    requireVersion2("A seal with a tree");
                }
                seals.on(seal, lines, keys);
            }
            case ExportLine.Proof proof -> {
                enter(Part.PROOF, isVersion2() ? Part.ROOM_PROOF : Part.END);
                prove("The proof", sale, Hash.salePlace(saleKey()), proof.leaf(), proof.path());
            }
            case ExportLine.RoomProof proof -> {
                enter(Part.ROOM_PROOF, Part.END);
                requireVersion2("A proof of the waiting room");
                prove("The proof of the waiting room", room, Hash.roomPlace(saleKey()), proof.leaf(), proof.path());
            }
            case ExportLine.End end -> {
                enter(Part.END, Part.NOTHING);
                on(end);
            }
        }
    }

    private boolean isVersion2() {
        return header != null && header.format().equals(ExportLine.FORMAT);
    }

    private String saleKey() {
        return header == null ? "" : header.saleKey();
    }

    private void requireVersion2(String what) {
        if (!isVersion2()) {
            tampering.add(what + " (line " + lines + ") does not belong to this format");
        }
    }

    private void unreadable() throws DamagedFileException {
        if (lines == 1) {
            throw new DamagedFileException("The first line is not the header of an export");
        }
        String where = part == Part.EVENTS ? ", where event " + (chain.events() + 1) + " is expected," : "";
        tampering.add("Line " + lines + where + " is not the canonical form of an export line");
        if (part == Part.EVENTS) {
            chain.unreadable();
        }
    }

    private void enter(Part wanted, Part next) {
        if (wanted.compareTo(part) < 0 || (part == Part.HEADER && wanted != Part.HEADER)) {
            tampering.add("Line " + lines + " belongs to the part " + wanted + " and comes where " + part + " is");
        } else {
            part = next;
        }
    }

    private void on(ExportLine.Header first) {
        header = first;
        boolean old = first.format().equals(ExportLine.FORMAT_1);
        if (!old && !first.format().equals(ExportLine.FORMAT)) {
            tampering.add("The format is " + first.format() + ", supported is " + ExportLine.FORMAT);
        }
        if (old != (first.records() == null)) {
            tampering.add("The header does not have the members of its format");
        }
        if (trust.keys() == null) {
            for (String jwk : first.keys()) {
                if (!keys.add(jwk)) {
                    tampering.add("The header has an invalid key");
                }
            }
        }
    }

    private void on(ExportLine.Event event) {
        if (!chain.on(event, lines)) {
            return;
        }
        lastPosition = event.position();
        times.event(event.number(), event.position(), event.timestamp());
        if (event.number() == 1) {
            seals.firstEvent(event.position());
        }
        try {
            fold(event, fact(event));
        } catch (RuntimeException incomplete) {
            // The payload is valid JSON, but a required property is missing.
            tampering.add("Event " + event.number() + " (line " + lines + ") is not a complete " + event.type());
        }
    }

    private void fold(ExportLine.Event event, @Nullable OnsaleEvent fact) {
        if (fact != null && header != null && !header.saleKey().equals(fact.saleKey())) {
            tampering.add("Event " + event.number() + " (line " + lines + ") belongs to sale " + fact.saleKey());
        }
        receipts.forEach(receipt -> receipt.on(event, fact));
        fold.on(new LogEvent(
                event.position(), event.aggregateType(), event.aggregateId(), event.sequence(), event.type(), fact));
    }

    private @Nullable OnsaleEvent fact(ExportLine.Event event) {
        try {
            int version = event.revision() == null ? 1 : Integer.parseInt(event.revision());
            return EventJson.readStrictly(event.type(), version, event.payload());
        } catch (UnknownVersionException newer) {
            return null;
        } catch (JacksonException | NullPointerException | NumberFormatException unreadable) {
            tampering.add("Event " + event.number() + " (line " + lines + ") cannot be read as " + event.type());
            return null;
        }
    }

    /** A leaf of the newest seal must have exactly the entries of the file. */
    private void prove(String what, SaleState state, Hash place, List<ExportLine.Proof.Entry> leaf, List<String> path) {
        ExportLine.Sealed last = seals.last();
        ExportLine.Header first = header;
        if (first == null || last == null) {
            tampering.add("There is no seal for the proof");
            return;
        }
        try {
            if (!Hash.salesRoot(place, leaf, Hash.of(path)).equals(Hash.parse(last.sales()))) {
                tampering.add(what + " (line " + lines + ") does not match the root of seal " + last.number());
            }
            ExportLine.Proof.Entry own = SaleState.own(place, leaf);
            Long records = first.records();
            long stated = state == sale ? first.events() : (records == null ? 0 : records);
            long count = state == sale ? chain.events() : state.count();
            if (own.events() != count || own.events() != stated) {
                tampering.add("There are " + own.events()
                        + (state == sale ? " sealed events of the sale" : " sealed records of the waiting room")
                        + ", the header has " + stated + " and the file has " + count);
            } else if (!Hash.of(own.head()).equals(state.head())) {
                tampering.add(
                        state == sale
                                ? "The last event is not the last sealed event of the sale"
                                : "The records of the waiting room are not those that were sealed");
            }
        } catch (IllegalArgumentException noDigest) {
            tampering.add(what + " (line " + lines + ") has an invalid digest: " + noDigest.getMessage());
        }
    }

    private void on(ExportLine.End end) {
        Hash all = Hash.of(HexFormat.of().formatHex(digest.digest()));
        if (end.lines() != lines - 1) {
            tampering.add(
                    "The file has " + (lines - 1) + " lines before its last one, the last line counts " + end.lines());
        }
        if (!all.equals(Hash.parse(end.digest()))) {
            tampering.add("The digest of the whole file does not match its last line");
        }
        if (end.keyId() != null) {
            signed = true;
            if (!keys.has(end.keyId())) {
                tampering.add("The file is signed by key " + end.keyId() + ", which is not trusted");
            } else if (!keys.verifies(all, end.keyId(), end.signature())) {
                tampering.add("The signature of the whole file is invalid");
            }
        } else if (end.signature() != null) {
            tampering.add("The file has a signature without a key");
        } else if (trust.keys() != null && !trust.allowUnsigned()) {
            tampering.add("The file is not signed, although trusted keys were given");
        }
    }

    private ProofResult result() throws DamagedFileException {
        ExportLine.Header first = header;
        if (first == null) {
            throw new DamagedFileException("There is no header");
        }
        if (part != Part.NOTHING) {
            tampering.add("The file ends after line " + lines + " in the part " + part + ": it is truncated");
        }
        if (isVersion2() && !hasFrontier) {
            tampering.add("The file has no frontier: the tree over the seals cannot be checked");
        }
        receipts.forEach(receipt -> receipt.end(first.saleKey()));
        ExportLine.Sealed last = seals.last();
        anchors.end(last == null ? 0 : last.number(), asOf(first));
        if (last == null) {
            tampering.add("The newest seal, " + first.seal() + ", is missing");
        }
        if (last != null && (last.number() != first.seal() || lastPosition > last.lastPosition())) {
            tampering.add("The newest seal is " + last.number() + " over position " + last.lastPosition()
                    + ", the header says seal " + first.seal() + " and the last event is at " + lastPosition);
        }
        boolean atItsEnd = first.complete() && fold.unsettled() == 0;
        Instant asOf = asOf(first);
        Findings findings = judged(atItsEnd, asOf);
        times.export(asOf);
        findings.addAll(admissions.judge(fold, first.saleKey()));
        if (!isVersion2() && admissions.count() == 0 && fold.hasWaitingRoom(first.saleKey())) {
            tampering.add("The sale has a waiting room, and the file has no records of it");
        }
        return new ProofResult(
                first,
                lines,
                chain.events(),
                admissions.count(),
                admissions.admissions(),
                seals,
                anchors,
                trust,
                signed,
                atItsEnd,
                fold,
                findings,
                tampering);
    }

    private Findings judged(boolean atItsEnd, Instant asOf) {
        try {
            return atItsEnd ? fold.judge(asOf) : fold.judgeOpen(asOf.minus(ProofResult.GRACE));
        } catch (RuntimeException incomplete) {
            tampering.add("The events are incomplete and could not be checked: " + incomplete);
            return new Findings();
        }
    }

    private Instant asOf(ExportLine.Header first) {
        try {
            return Instant.parse(first.exportedAt());
        } catch (DateTimeException wrong) {
            tampering.add("The header's exportedAt is not an instant");
            return Instant.EPOCH;
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every Java platform", e);
        }
    }
}
