package dev.onsale.rehearsal;

import dev.onsale.api.view.ReservationStatus;
import dev.onsale.proof.invariant.Invariant;
import dev.onsale.rehearsal.RehearsalCounters.Sight;
import dev.onsale.rehearsal.client.Latencies;
import dev.onsale.rehearsal.client.OnsaleClient;
import dev.onsale.rehearsal.client.RequestKind;
import dev.onsale.rehearsal.command.ResultLine;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Prints the result of a rehearsal as text, with a {@code RESULT} line in JSON for programs. */
final class Report {

    /** A shorter time span would compute a rate from very few responses. */
    private static final Duration RATE_SPAN_MIN = Duration.ofMillis(1);

    private final RehearsalResult result;

    Report(RehearsalResult result) {
        this.result = result;
    }

    void print(PrintStream out) {
        RehearsalOptions options = result.options();
        RehearsalCounters tally = result.tally();
        out.println();
        out.printf(
                Locale.ROOT,
                "%,d buyers for %,d seats, %,d people for %,d coupons, seed %d%n%n",
                options.buyers,
                options.seats,
                options.people,
                options.coupons,
                options.seed);
        line(out, "seats sold", "%,d of %,d", result.log().seatsSold(), options.seats);
        line(
                out,
                "reservations",
                "%,d confirmed, %,d expired, %,d cancelled, %,d open",
                result.log().count(ReservationStatus.CONFIRMED),
                result.log().count(ReservationStatus.EXPIRED),
                result.log().count(ReservationStatus.CANCELLED),
                open());
        line(out, "holds refused", "%s", inWords(tally.refusals("hold")));
        line(
                out,
                "payments",
                "%,d declined; refused: %s",
                result.log().paymentsDeclined(),
                inWords(tally.refusals("pay")));
        line(
                out,
                "money, minor units",
                "%s captured, %s refunded",
                inWords(result.log().capturedMinor()),
                inWords(result.log().refundedMinor()));
        line(out, "coupons issued", "%,d of %,d", result.log().couponsIssued(), options.coupons);
        line(out, "coupons refused", "%s", inWords(tally.refusals("coupon")));
        line(
                out,
                "double clicks",
                "%,d, of which refused once and done once: %,d",
                tally.count(Sight.DOUBLE_CLICK),
                tally.count(Sight.YES_AND_NO));
        out.println();
        line(
                out,
                "waiting room",
                "%,d admitted, at most %,d at once; inversions %,d, over-admissions %,d, tokens used twice %,d",
                result.room().admissions(),
                result.room().activeMax(),
                result.room().inversions(),
                result.room().overAdmissions(),
                result.room().tokensUsedTwice());
        redis(out);
        line(out, "double sales", "%,d", result.log().doubleSales());
        line(
                out,
                "lost acknowledgements",
                "%,d of %,d",
                result.acknowledged().lost(),
                result.acknowledged().told());
        line(out, "over-issue", "%,d", result.log().overIssue());
        line(out, "unacknowledged facts", "%,d", result.acknowledged().untold());
        line(out, "requests unanswered", "%,d", tally.unansweredCount());
        line(out, "events in the log", "%,d", result.log().events());
        out.println();
        out.printf(
                "  %-22s%9s%9s%9s%9s%9s%9s%n", "request", "answers", "per s", "p50 ms", "p95 ms", "p99 ms", "max ms");
        for (RequestKind kind : RequestKind.values()) {
            summary(kind)
                    .ifPresent(of -> out.printf(
                            Locale.ROOT,
                            "  %-22s%,9d%,9.0f%9.1f%9.1f%9.1f%9.1f%n",
                            kind.label(),
                            of.answered(),
                            of.perSecond(),
                            of.p50Millis(),
                            of.p95Millis(),
                            of.p99Millis(),
                            of.maxMillis()));
        }
        out.println();
        new LoadPlot(result.load()).print(out);
        out.println();
        verdict(out);
        ResultLine.print(out, figures());
    }

    private void redis(PrintStream out) {
        RedisLoss.Report redis = result.redis();
        for (RedisLoss.Loss loss : redis.losses()) {
            line(
                    out,
                    "Redis emptied",
                    "after %,d %s: guard %s, waiting room %s",
                    loss.after(),
                    loss.during(),
                    guardOf(loss),
                    loss.roomAfter() == null ? "not restored" : "restored after " + millis(loss.roomAfter()));
        }
        if (!redis.losses().isEmpty()) {
            line(
                    out,
                    "lost with Redis",
                    redis.placesLost() == 0 ? "no places in the queue" : "%,d places in the queue, at most %s old",
                    redis.placesLost(),
                    millis(redis.oldestPlaceLost()));
            line(
                    out,
                    "guards at the end",
                    "%s",
                    redis.repaired().isEmpty() ? "equal to the store" : "repaired: " + inWords(redis.repaired()));
        }
    }

    private static String guardOf(RedisLoss.Loss loss) {
        OnsaleClient.Rebuild rebuild = loss.rebuild();
        return rebuild == null
                ? "not complete"
                : String.format(
                        Locale.ROOT,
                        "complete after %s (rebuilt from %,d facts in %,d ms)",
                        millis(loss.guardAfter()),
                        rebuild.eventsRead(),
                        rebuild.durationMillis());
    }

    private static String millis(@Nullable Duration time) {
        return time == null ? "never" : String.format(Locale.ROOT, "%,d ms", time.toMillis());
    }

    private void verdict(PrintStream out) {
        if (result.passed()) {
            Set<Invariant> unseen = result.findings().notExercised(EnumSet.allOf(Invariant.class));
            unseen.forEach(invariant -> out.println("NOT EXERCISED  " + invariant.words()));
            out.printf(
                    "PASS  %d invariants hold, %d were not exercised%n",
                    Invariant.values().length - unseen.size(), unseen.size());
            out.println("PASS  " + result.witnessed().words());
            return;
        }
        result.findings().broken().forEach((invariant, broken) -> {
            out.printf(Locale.ROOT, "BROKEN  %s (%,d)%n", invariant.words(), broken.count());
            broken.first().forEach(detail -> out.println("        " + detail));
        });
        out.printf(
                "FAIL  %d of %d invariants are violated%n",
                result.findings().broken().size(), Invariant.values().length);
    }

    /** The figures of the RESULT line. */
    private Map<String, Object> figures() {
        RehearsalOptions options = result.options();
        RehearsalCounters tally = result.tally();
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("name", "rehearse");
        figures.put("pass", result.passed());
        figures.put("seed", options.seed);
        figures.put("buyers", options.buyers);
        figures.put("seats", options.seats);
        figures.put("people", options.people);
        figures.put("coupons", options.coupons);
        figures.put("seatsSold", result.log().seatsSold());
        figures.put("confirmed", result.log().count(ReservationStatus.CONFIRMED));
        figures.put("expired", result.log().count(ReservationStatus.EXPIRED));
        figures.put("cancelled", result.log().count(ReservationStatus.CANCELLED));
        figures.put("open", open());
        figures.put("paymentsDeclined", result.log().paymentsDeclined());
        figures.put("capturedMinorUnits", result.log().capturedMinor());
        figures.put("refundedMinorUnits", result.log().refundedMinor());
        figures.put("couponsIssued", result.log().couponsIssued());
        figures.put("admitted", result.room().admissions());
        figures.put("activeMax", result.room().activeMax());
        figures.put("inversions", result.room().inversions());
        figures.put("overAdmissions", result.room().overAdmissions());
        figures.put("tokensUsedTwice", result.room().tokensUsedTwice());
        if (!result.redis().losses().isEmpty()) {
            figures.put(
                    "redisLosses",
                    result.redis().losses().stream().map(Report::figures).toList());
            figures.put("placesLost", result.redis().placesLost());
            figures.put(
                    "oldestPlaceLostMillis", result.redis().oldestPlaceLost().toMillis());
            figures.put("guardEntriesRepaired", result.redis().repaired());
        }
        figures.put("proofLevel", result.witnessed().level());
        figures.put("witnessedBeforeTheSale", result.witnessed().first());
        figures.put("witnessedLast", result.witnessed().last());
        figures.put("eventsAnchored", result.witnessed().eventsAnchored());
        figures.put("doubleSales", result.log().doubleSales());
        figures.put("lostAcknowledgements", result.acknowledged().lost());
        figures.put("acknowledgements", result.acknowledged().told());
        figures.put("overIssue", result.log().overIssue());
        figures.put("untoldFacts", result.acknowledged().untold());
        figures.put("unanswered", tally.unansweredCount());
        figures.put("doubleClicks", tally.count(Sight.DOUBLE_CLICK));
        figures.put("events", result.log().events());
        figures.put(
                "refused",
                Map.of(
                        "hold", tally.refusals("hold"),
                        "pay", tally.refusals("pay"),
                        "cancel", tally.refusals("cancel"),
                        "coupon", tally.refusals("coupon")));
        figures.put("requests", result.latencies().answered());
        figures.put("seatRushSeconds", rounded(result.seatsTook().toMillis() / 1e3));
        Map<String, Object> latencies = new LinkedHashMap<>();
        for (RequestKind kind : RequestKind.values()) {
            summary(kind).ifPresent(of -> latencies.put(kind.name().toLowerCase(Locale.ROOT), figures(of)));
        }
        figures.put("requestKinds", latencies);
        figures.put(
                "broken",
                result.findings().broken().keySet().stream().map(Enum::name).toList());
        figures.put(
                "notExercised",
                result.findings().notExercised(EnumSet.allOf(Invariant.class)).stream()
                        .map(Enum::name)
                        .toList());
        return figures;
    }

    private static Map<String, Object> figures(RedisLoss.Loss loss) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("during", loss.during());
        figures.put("after", loss.after());
        Duration guard = loss.guardAfter();
        Duration room = loss.roomAfter();
        OnsaleClient.Rebuild rebuild = loss.rebuild();
        if (guard != null && rebuild != null) {
            figures.put("guardWholeAfterMillis", guard.toMillis());
            figures.put("rebuildMillis", rebuild.durationMillis());
            figures.put("rebuildFacts", rebuild.eventsRead());
        }
        if (room != null) {
            figures.put("roomRestoredAfterMillis", room.toMillis());
        }
        return figures;
    }

    private static Map<String, Object> figures(Latencies.Summary of) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("answered", of.answered());
        figures.put("unanswered", of.unanswered());
        figures.put("perSecond", rounded(of.perSecond()));
        figures.put("p50Millis", rounded(of.p50Millis()));
        figures.put("p95Millis", rounded(of.p95Millis()));
        figures.put("p99Millis", rounded(of.p99Millis()));
        figures.put("maxMillis", rounded(of.maxMillis()));
        return figures;
    }

    private Optional<Latencies.Summary> summary(RequestKind kind) {
        return result.latencies().of(kind, RATE_SPAN_MIN);
    }

    private long open() {
        return result.log().count(ReservationStatus.HELD) + result.log().count(ReservationStatus.PAYMENT_PENDING);
    }

    private static double rounded(double value) {
        return Math.round(value * 10) / 10.0;
    }

    private static String inWords(Map<String, Long> counts) {
        List<String> words = new ArrayList<>();
        counts.forEach((code, count) -> words.add(String.format(Locale.ROOT, "%,d %s", count, code)));
        return words.isEmpty() ? "none" : String.join(", ", words);
    }

    private static void line(PrintStream out, String what, String format, Object... values) {
        out.printf(Locale.ROOT, "  %-22s " + format + "%n", prepend(what, values));
    }

    private static Object[] prepend(String what, Object[] values) {
        Object[] all = new Object[values.length + 1];
        all[0] = what;
        System.arraycopy(values, 0, all, 1, values.length);
        return all;
    }
}
