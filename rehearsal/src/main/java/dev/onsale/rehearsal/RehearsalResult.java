package dev.onsale.rehearsal;

import dev.onsale.proof.invariant.Acknowledgements;
import dev.onsale.proof.invariant.Findings;
import dev.onsale.proof.invariant.LogFold;
import dev.onsale.proof.invariant.RoomFold;
import dev.onsale.rehearsal.client.Latencies;
import java.time.Duration;

/** The result of a rehearsal. It passed if there are no findings. */
record RehearsalResult(
        RehearsalOptions options,
        LogFold log,
        Findings findings,
        Acknowledgements.Comparison acknowledged,
        RehearsalCounters tally,
        Latencies latencies,
        Duration seatsTook,
        RoomFold room,
        RedisLoss.Report redis) {

    boolean passed() {
        return findings.isEmpty();
    }
}
