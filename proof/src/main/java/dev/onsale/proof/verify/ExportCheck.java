package dev.onsale.proof.verify;

import dev.onsale.api.OnsaleEvent;
import dev.onsale.eventlog.EventJson;
import dev.onsale.eventlog.UnknownVersionException;
import dev.onsale.proof.export.ExportFormat;
import dev.onsale.proof.export.ExportLine;
import dev.onsale.proof.invariant.Findings;
import dev.onsale.proof.invariant.LogEvent;
import dev.onsale.proof.invariant.LogFold;
import dev.onsale.proof.seal.Digest;
import dev.onsale.proof.seal.SaleTree;
import dev.onsale.proof.seal.Seal;
import dev.onsale.proof.seal.SealedSale;
import dev.onsale.proof.verify.SealChain.Anchor;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Checks an export in one pass. Memory grows with the seats, buyers and coupons of the sale, not with the file. */
final class ExportCheck {

    /** The kinds of lines, in their order in the file. */
    private enum Part {
        HEADER,
        EVENTS,
        ADMISSIONS,
        SEALS,
        PROOF,
        END,
        NOTHING
    }

    private final Tampering tampering = new Tampering();
    private final LogFold fold = new LogFold();
    private final SaleChain chain = new SaleChain(tampering);
    private final SealChain seals;
    private final AdmissionFold admissions = new AdmissionFold(tampering);
    private final Keys keys;
    private final boolean keysGiven;
    private final MessageDigest digest = sha256();
    private Part part = Part.HEADER;
    private ExportLine.@Nullable Header header;
    private boolean signed;
    private long firstPosition;
    private long lastPosition;
    private long lines;

    private ExportCheck(@Nullable Keys trusted, @Nullable Anchor anchor) {
        this.keysGiven = trusted != null;
        this.keys = trusted == null ? new Keys() : trusted;
        this.seals = new SealChain(tampering, anchor);
    }

    /**
     * @param trusted trusted keys; absent: the keys named in the export
     * @param anchor a seal that was noted earlier
     * @throws IOException if the file cannot be read
     * @throws DamagedFileException if the file is not an export
     */
    static ProofResult of(Path file, @Nullable Keys trusted, @Nullable Anchor anchor)
            throws IOException, DamagedFileException {
        ExportCheck check = new ExportCheck(trusted, anchor);
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
                enter(Part.HEADER, Part.EVENTS);
                on(first);
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
                admissions.on(admission, lines);
            }
            case ExportLine.Sealed seal -> {
                enter(Part.SEALS, Part.SEALS);
                seals.on(seal, lines, keys);
            }
            case ExportLine.Proof proof -> {
                enter(Part.PROOF, Part.END);
                on(proof);
            }
            case ExportLine.End end -> {
                enter(Part.END, Part.NOTHING);
                on(end);
            }
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
        if (!first.format().equals(ExportLine.FORMAT)) {
            tampering.add("The format is " + first.format() + ", supported is " + ExportLine.FORMAT);
        }
        if (!keysGiven) {
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
        firstPosition = firstPosition == 0 ? event.position() : firstPosition;
        lastPosition = event.position();
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
        fold.on(new LogEvent(
                event.position(), event.aggregateType(), event.aggregateId(), event.sequence(), event.type(), fact));
    }

    private static @Nullable OnsaleEvent fact(ExportLine.Event event) {
        try {
            int version = event.revision() == null ? 1 : Integer.parseInt(event.revision());
            return EventJson.read(event.type(), version, event.payload());
        } catch (JacksonException | NullPointerException | NumberFormatException | UnknownVersionException unreadable) {
            return null;
        }
    }

    private void on(ExportLine.Proof proof) {
        Seal last = seals.last();
        if (header == null || last == null) {
            tampering.add("There is no seal for the proof");
            return;
        }
        Digest sale = SealedSale.digestOf(header.saleKey());
        try {
            List<SealedSale> leaf = proof.leaf().stream()
                    .map(entry ->
                            new SealedSale(Digest.ofHex(entry.sale()), entry.events(), Digest.ofHex(entry.head())))
                    .toList();
            List<Digest> path = proof.path().stream().map(Digest::ofHex).toList();
            SealedSale own = leaf.stream()
                    .filter(entry -> entry.sale().equals(sale))
                    .findFirst()
                    .orElse(new SealedSale(sale, 0, Digest.ZERO));
            if (path.size() != SaleTree.DEPTH
                    || !SaleTree.rootOf(own.bucket(), SaleTree.bucket(leaf), path)
                            .equals(last.sales())) {
                tampering.add("The proof (line " + lines + ") does not match the root of seal " + last.number());
            }
            if (own.events() != chain.events() || own.events() != header.events()) {
                tampering.add("There are " + own.events() + " sealed events of the sale, the header has "
                        + header.events() + " and the file has " + chain.events());
            } else if (!own.head().equals(chain.head())) {
                tampering.add("The last event is not the last sealed event of the sale");
            }
        } catch (IllegalArgumentException | NullPointerException noDigest) {
            tampering.add("The proof (line " + lines + ") has an invalid digest");
        }
    }

    private void on(ExportLine.End end) {
        Digest all = Digest.of(digest.digest());
        if (end.lines() != lines - 1) {
            tampering.add(
                    "The file has " + (lines - 1) + " lines before its last one, the last line counts " + end.lines());
        }
        if (!all.equals(SaleChain.digest(end.digest()))) {
            tampering.add("The digest of the whole file does not match its last line");
        }
        Seal last = seals.last();
        if (keysGiven && (last == null || !seals.lastSigned())) {
            tampering.add("The newest seal is not signed, although trusted keys were given");
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
        Seal last = seals.last();
        if (last != null && (last.number() != first.seal() || lastPosition > last.lastPosition())) {
            tampering.add("The newest seal is " + last.number() + " over position " + last.lastPosition()
                    + ", the header says seal " + first.seal() + " and the last event is at " + lastPosition);
        }
        boolean atItsEnd = first.complete() && fold.unsettled() == 0;
        Instant asOf = asOf(first);
        Findings findings = judged(atItsEnd, asOf);
        findings.addAll(admissions.judge(fold, first.saleKey()));
        return new ProofResult(
                first,
                lines,
                chain.events(),
                admissions.count(),
                admissions.admissions(),
                seals,
                signed,
                keysGiven,
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
