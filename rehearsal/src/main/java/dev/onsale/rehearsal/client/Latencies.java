package dev.onsale.rehearsal.client;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * Response times by kind of request, from sending the request to the last byte of the response. Time that a request
 * waits in this client is not counted. Thread-safe.
 */
public final class Latencies {

    private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(5);
    private static final int SIGNIFICANT_DIGITS = 3;

    private final Map<RequestKind, Kept> kept = new EnumMap<>(RequestKind.class);

    private record Kept(
            ConcurrentHistogram micros,
            AtomicLong unanswered,
            LongAccumulator firstSent,
            LongAccumulator lastAnswered) {}

    /** @param perSecond responses per second between the first request and the last response of this kind */
    public record Summary(
            long answered,
            long unanswered,
            double perSecond,
            double p50Millis,
            double p95Millis,
            double p99Millis,
            double maxMillis) {}

    Latencies() {
        for (RequestKind kind : RequestKind.values()) {
            kept.put(
                    kind,
                    new Kept(
                            new ConcurrentHistogram(LONGEST_MICROS, SIGNIFICANT_DIGITS),
                            new AtomicLong(),
                            new LongAccumulator(Math::min, Long.MAX_VALUE),
                            new LongAccumulator(Math::max, Long.MIN_VALUE)));
        }
    }

    void answered(RequestKind kind, long sentNanos, long answeredNanos) {
        Kept of = of(kind);
        long micros = TimeUnit.NANOSECONDS.toMicros(answeredNanos - sentNanos);
        of.micros().recordValue(Math.min(micros, LONGEST_MICROS));
        of.firstSent().accumulate(sentNanos);
        of.lastAnswered().accumulate(answeredNanos);
    }

    void unanswered(RequestKind kind) {
        of(kind).unanswered().incrementAndGet();
    }

    /** The summary of a kind; empty if there were no requests. */
    public Optional<Summary> of(RequestKind kind, Duration atLeast) {
        Kept of = of(kind);
        long answered = of.micros().getTotalCount();
        if (answered + of.unanswered().get() == 0) {
            return Optional.empty();
        }
        long nanos =
                answered == 0 ? 0 : of.lastAnswered().get() - of.firstSent().get();
        return Optional.of(new Summary(
                answered,
                of.unanswered().get(),
                answered * 1e9 / Math.max(nanos, atLeast.toNanos()),
                millis(of, 50),
                millis(of, 95),
                millis(of, 99),
                of.micros().getMaxValue() / 1e3));
    }

    public long answered() {
        return kept.values().stream()
                .mapToLong(of -> of.micros().getTotalCount())
                .sum();
    }

    public long unanswered() {
        return kept.values().stream().mapToLong(of -> of.unanswered().get()).sum();
    }

    private static double millis(Kept of, double percentile) {
        return of.micros().getValueAtPercentile(percentile) / 1e3;
    }

    private Kept of(RequestKind kind) {
        Kept of = kept.get(kind);
        if (of == null) {
            throw new IllegalStateException("Every kind has a histogram");
        }
        return of;
    }
}
