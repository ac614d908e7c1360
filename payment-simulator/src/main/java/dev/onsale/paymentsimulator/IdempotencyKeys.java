package dev.onsale.paymentsimulator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** State of each idempotency key: in progress, answered, or failed without effect. Limits concurrent requests. */
final class IdempotencyKeys {
    private final Clock clock;
    private final Duration retention;
    private final int keysMax;
    private final int inFlightMax;
    private final Map<String, InFlight> inFlight = new HashMap<>();

    /** In the order of completion, so that the oldest is first. */
    private final LinkedHashMap<String, Finished> finished = new LinkedHashMap<>();

    IdempotencyKeys(Clock clock, Duration retention, int keysMax, int inFlightMax) {
        this.clock = clock;
        this.retention = retention;
        this.keysMax = keysMax;
        this.inFlightMax = inFlightMax;
    }

    sealed interface Begun {
        /** The caller must complete it with {@link #answered} or {@link #failed}. {@code attempt} starts at 0. */
        record Started(int attempt) implements Begun {}

        record Repeated(Answer answer) implements Begun {}

        record Refused(ProblemCode code, String detail) implements Begun {}
    }

    synchronized Begun begin(String key, Change change) {
        evictExpired();
        var running = inFlight.get(key);
        if (running != null) {
            return running.change().fingerprint().equals(change.fingerprint())
                    ? refused(
                            ProblemCode.IDEMPOTENCY_KEY_IN_FLIGHT,
                            "Retry, or find it with GET /v1/authorizations?idempotencyKey=…")
                    : reused();
        }
        var known = finished.get(key);
        if (known instanceof Finished.Answered answered) {
            return answered.fingerprint().equals(change.fingerprint())
                    ? new Begun.Repeated(answered.answer())
                    : reused();
        }
        if (inFlight.size() >= inFlightMax) {
            return refused(ProblemCode.OVERLOADED, "At most " + inFlightMax + " requests may be in progress.");
        }
        if (known == null && inFlight.size() + finished.size() >= keysMax) {
            return refused(
                    ProblemCode.IDEMPOTENCY_STORE_FULL, "At most " + keysMax + " keys are kept for " + retention + ".");
        }
        int attempt = known instanceof Finished.Failed failed ? failed.attempts() : 0;
        finished.remove(key);
        inFlight.put(key, new InFlight(change, attempt));
        return new Begun.Started(attempt);
    }

    synchronized void answered(String key, Answer answer) {
        var running = inFlight.remove(key);
        if (running == null) {
            throw new IllegalStateException("key is not in flight");
        }
        finished.put(
                key, new Finished.Answered(clock.instant(), running.change().fingerprint(), answer));
    }

    /** The key may be used again, also for another request. */
    synchronized void failed(String key) {
        var running = inFlight.remove(key);
        if (running != null) {
            finished.put(key, new Finished.Failed(clock.instant(), running.attempt() + 1));
        }
    }

    /** Restores an answer from the ledger file unless it has expired. */
    synchronized void restore(String key, String fingerprint, Answer answer, Instant at) {
        if (at.plus(retention).isAfter(clock.instant())) {
            // A key that was reused after its retention occurs twice; the newer position counts.
            finished.remove(key);
            finished.put(key, new Finished.Answered(at, fingerprint, answer));
        }
    }

    synchronized @Nullable Change pending(String key) {
        var running = inFlight.get(key);
        return running == null ? null : running.change();
    }

    synchronized int inFlightCount() {
        return inFlight.size();
    }

    private void evictExpired() {
        var oldest = clock.instant().minus(retention);
        var each = finished.values().iterator();
        while (each.hasNext() && !each.next().at().isAfter(oldest)) {
            each.remove();
        }
    }

    private static Begun reused() {
        return refused(ProblemCode.IDEMPOTENCY_KEY_REUSED, "Use a new key for a new request.");
    }

    private static Begun refused(ProblemCode code, String detail) {
        return new Begun.Refused(code, detail);
    }

    private record InFlight(Change change, int attempt) {}

    private sealed interface Finished {
        Instant at();

        record Answered(Instant at, String fingerprint, Answer answer) implements Finished {}

        record Failed(Instant at, int attempts) implements Finished {}
    }
}
