package dev.onsale.rehearsal;

import dev.onsale.proof.invariant.Acknowledgements;
import dev.onsale.proof.invariant.Findings;
import dev.onsale.proof.invariant.LogFold;
import dev.onsale.proof.invariant.RoomFold;
import dev.onsale.rehearsal.client.Latencies;
import java.time.Duration;
import java.util.List;

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
        RedisLoss.Report redis,
        Witnessed witnessed,
        List<LoadCurve.Point> load) {

    RehearsalResult {
        load = List.copyOf(load);
    }

    boolean passed() {
        return findings.isEmpty();
    }
}
