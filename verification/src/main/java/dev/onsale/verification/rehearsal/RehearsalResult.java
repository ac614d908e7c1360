package dev.onsale.verification.rehearsal;

import dev.onsale.verification.client.Latencies;
import dev.onsale.verification.verdict.Acknowledgements;
import dev.onsale.verification.verdict.Findings;
import dev.onsale.verification.verdict.LogFold;
import dev.onsale.verification.verdict.RoomFold;
import java.time.Duration;

/** What became of a rehearsal; it passed if nothing was found. */
record RehearsalResult(
        RehearsalOptions options,
        LogFold log,
        Findings findings,
        Acknowledgements.Comparison acknowledged,
        Tally tally,
        Latencies latencies,
        Duration seatsTook,
        RoomFold room,
        RedisLoss.Report redis) {

    boolean passed() {
        return findings.isEmpty();
    }
}
