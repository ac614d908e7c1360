package dev.onsale.benchmarks.load;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** The requests of one measurement and what is known of their answers. Used by the one thread of the event loop. */
final class Measurement {

    private static final double NANOS_PER_MILLI = 1e6;

    private final Load load;
    private final PersonTokens tokens;
    private final Set<Integer> statuses;
    private final Histogram latencies = new Histogram(TimeUnit.MINUTES.toNanos(2), 3);
    private final String run = Long.toString(System.nanoTime(), 36);
    private long begun;
    private long end;
    private long lastAnswer;
    private long sent;
    private long failures;
    private @Nullable String firstFailure;

    Measurement(Load load, PersonTokens tokens) {
        this.load = load;
        this.tokens = tokens;
        this.statuses = new HashSet<>(load.statuses());
    }

    void begin() {
        begun = System.nanoTime();
        end = begun + TimeUnit.MILLISECONDS.toNanos(load.millis());
        lastAnswer = begun;
    }

    /** The next request as bytes of HTTP/1.1; nothing if the measurement is over. */
    byte @Nullable [] next() {
        if (sent >= load.requestsMax() || System.nanoTime() >= end) {
            return null;
        }
        long number = sent++;
        int person = load.firstPerson() + (int) (number % Math.max(1, load.people()));
        String n = Long.toString(number);
        String body = load.body() == null ? "" : load.body().replace("{n}", n);
        StringBuilder request = new StringBuilder(1_024)
                .append(load.method())
                .append(' ')
                .append(load.path().replace("{n}", n))
                .append(" HTTP/1.1\r\nHost: 127.0.0.1\r\n");
        switch (load.identity()) {
            case NOBODY -> {}
            case BUYER_HEADER ->
                request.append("X-Buyer: person-").append(person).append("\r\n");
            case BEARER ->
                request.append("Authorization: Bearer ")
                        .append(tokens.of(person))
                        .append("\r\nIdempotency-Key: ")
                        .append(run)
                        .append('-')
                        .append(n)
                        .append("\r\n");
        }
        if (!load.method().equals("GET")) {
            if (!body.isEmpty()) {
                request.append("Content-Type: application/json\r\n");
            }
            request.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        return request.append("\r\n").append(body).toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    void answered(int status, long nanos, String beginning) {
        if (statuses.contains(status)) {
            latencies.recordValue(nanos);
            lastAnswer = System.nanoTime();
        } else {
            failed(status + " " + beginning);
        }
    }

    void failed(String how) {
        failures++;
        if (firstFailure == null) {
            firstFailure = how;
        }
    }

    Load.Result result(long cpuMillis) {
        double seconds = Math.max(1, lastAnswer - begun) / 1e9;
        return new Load.Result(
                latencies.getTotalCount(),
                failures,
                firstFailure == null ? "" : firstFailure,
                latencies.getTotalCount() / seconds,
                latencies.getValueAtPercentile(50) / NANOS_PER_MILLI,
                latencies.getValueAtPercentile(99) / NANOS_PER_MILLI,
                latencies.getMaxValue() / NANOS_PER_MILLI,
                cpuMillis);
    }
}
