package dev.onsale.proof.verify;

import dev.onsale.api.view.ReservationStatus;
import dev.onsale.eventlog.EventJson;
import dev.onsale.proof.export.ExportLine;
import dev.onsale.proof.invariant.Invariant;
import dev.onsale.proof.invariant.LogFold;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Prints the result of a check as text, with a {@code RESULT} line in JSON for programs. */
final class VerifyReport {

    private final ProofResult result;
    private final double seconds;

    VerifyReport(ProofResult result, double seconds) {
        this.result = result;
        this.seconds = seconds;
    }

    void print(PrintStream out) {
        LogFold log = result.fold();
        ExportLine.Sealed last = result.seals().last();
        Hash digest = result.seals().lastDigest();
        out.printf(
                "Sale %s, exported %s%n%n",
                result.header().saleKey(), result.header().exportedAt());
        line(out, "events", "%,d, %,d lines, %.1f s", result.events(), result.lines(), seconds);
        line(
                out,
                "seals",
                "%,d, the newest is %s:%s",
                result.seals().count(),
                last == null ? "-" : last.number(),
                digest == null ? "-" : digest);
        line(out, "signatures", "%s", signatures());
        line(out, "anchors", "%s", anchors());
        line(
                out,
                "reservations",
                "%,d confirmed, %,d expired, %,d cancelled, %,d open",
                log.count(ReservationStatus.CONFIRMED),
                log.count(ReservationStatus.EXPIRED),
                log.count(ReservationStatus.CANCELLED),
                open(log));
        line(out, "seats", "%,d booked and not freed, %,d sold twice", log.seatsSold(), log.doubleSales());
        line(out, "money, minor units", "%s captured, %s refunded", log.capturedMinor(), log.refundedMinor());
        line(out, "coupons", "%,d issued, %,d too many", log.couponsIssued(), log.overIssue());
        line(
                out,
                "waiting room",
                "%s",
                result.roomRecords() == 0
                        ? "no records"
                        : String.format(
                                Locale.ROOT, "%,d admitted, %,d records", result.admissions(), result.roomRecords()));
        if (!result.atItsEnd()) {
            line(out, "open sale", "%s", "rules for a complete log were not checked");
        }
        out.println();
        verdict(out);
        out.println("RESULT " + json());
    }

    private String signatures() {
        if (!result.signed() && result.seals().signed() == 0) {
            return "none";
        }
        return String.format(
                Locale.ROOT,
                "%,d of %,d seals and %s, %s",
                result.seals().signed(),
                result.seals().signed() + result.seals().unsigned(),
                result.signed() ? "the file" : "file not signed",
                result.trust().keys() != null
                        ? "checked with the given keys"
                        : "checked with the export's own keys; use --key to give trusted ones");
    }

    private String anchors() {
        if (result.trust().level() != Level.ANCHORED) {
            return "none given";
        }
        return String.format(
                Locale.ROOT,
                "%,d noted seals are continued; the newest covers %,d of %,d events",
                result.anchors().proven(),
                result.anchors().eventsAnchored(),
                result.events());
    }

    /** What the level proves and what it does not, in plain words. */
    private void words(PrintStream out) {
        boolean keys = result.trust().keys() != null;
        boolean anchored = result.trust().level() == Level.ANCHORED;
        out.println(
                "  proven      the file agrees with itself: no event or record is missing, moved or changed after its"
                        + " seals were made");
        if (keys) {
            out.printf(
                    Locale.ROOT,
                    "  proven      the holder of the given key signed %s%n",
                    result.seals().unsigned() == 0 && result.signed()
                            ? "every seal and the file"
                            : String.format(
                                    Locale.ROOT,
                                    "%,d seals; NOT SIGNED: %,d seals%s",
                                    result.seals().signed(),
                                    result.seals().unsigned(),
                                    result.signed() ? "" : " and the file"));
        }
        if (anchored) {
            out.printf(
                    Locale.ROOT,
                    "  proven      the first %,d events are those that the noted seals cover%n",
                    result.anchors().eventsAnchored());
        }
        if (!keys) {
            out.println("  not proven  who made the file: give --key");
        }
        if (!anchored) {
            out.println("  not proven  that the operator did not write another history: give --anchor or --witness");
        } else if (result.anchors().eventsAnchored() < result.events()) {
            out.println("  not proven  that the operator did not choose the events after the newest noted seal");
        }
        if (result.seals().treesChecked() < result.seals().count()) {
            out.printf(
                    Locale.ROOT,
                    "  note        %,d seals are of version 1: they are chained, and have no tree of their own%n",
                    result.seals().count() - result.seals().treesChecked());
        }
    }

    private void verdict(PrintStream out) {
        words(out);
        out.println();
        result.tampering().first().forEach(what -> out.println("TAMPERED  " + what));
        result.findings().broken().forEach((invariant, broken) -> {
            out.printf(Locale.ROOT, "BROKEN  %s (%,d)%n", invariant.words(), broken.count());
            broken.first().forEach(detail -> out.println("        " + detail));
        });
        if (result.passed()) {
            Set<Invariant> unseen = notExercised();
            unseen.forEach(invariant -> out.println("NOT EXERCISED  " + invariant.words()));
            out.printf(
                    Locale.ROOT,
                    "PASS  %s: the log matches its seals and keeps all invariants; %d were not exercised%n",
                    result.trust().level().word(),
                    unseen.size());
        } else {
            out.printf(
                    Locale.ROOT,
                    "FAIL  %s: %,d signs of tampering, %d invariants violated%n",
                    result.trust().level().word(),
                    result.tampering().count(),
                    result.findings().broken().size());
        }
    }

    private String json() {
        LogFold log = result.fold();
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("name", "verify");
        figures.put("pass", result.passed());
        figures.put("sale", result.header().saleKey());
        figures.put("events", result.events());
        figures.put("lines", result.lines());
        figures.put("seals", result.seals().count());
        figures.put("signed", result.signed());
        figures.put("level", result.trust().level().word());
        figures.put("unsignedSeals", result.seals().unsigned());
        figures.put("anchored", result.anchors().proven() > 0);
        figures.put("eventsAnchored", result.anchors().eventsAnchored());
        figures.put("atItsEnd", result.atItsEnd());
        figures.put("roomRecords", result.roomRecords());
        figures.put("admissions", result.admissions());
        figures.put("doubleSales", log.doubleSales());
        figures.put("overIssue", log.overIssue());
        figures.put("confirmed", log.count(ReservationStatus.CONFIRMED));
        figures.put("capturedMinorUnits", log.capturedMinor());
        figures.put("refundedMinorUnits", log.refundedMinor());
        figures.put("tampering", result.tampering().count());
        figures.put(
                "broken",
                result.findings().broken().keySet().stream().map(Enum::name).toList());
        figures.put("notExercised", notExercised().stream().map(Enum::name).toList());
        return EventJson.mapper().writeValueAsString(figures);
    }

    /** A log without wallets, for example, does not show that their balances add up. */
    private Set<Invariant> notExercised() {
        return result.findings().notExercised(Invariant.ofTheLog());
    }

    private static long open(LogFold log) {
        return log.count(ReservationStatus.HELD) + log.count(ReservationStatus.PAYMENT_PENDING);
    }

    private static void line(PrintStream out, String what, String format, Object... values) {
        Object[] all = new Object[values.length + 1];
        all[0] = what;
        System.arraycopy(values, 0, all, 1, values.length);
        out.printf(Locale.ROOT, "  %-20s " + format + "%n", all);
    }
}
