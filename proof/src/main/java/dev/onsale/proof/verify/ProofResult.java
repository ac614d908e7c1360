package dev.onsale.proof.verify;

import dev.onsale.proof.export.ExportLine;
import dev.onsale.proof.invariant.Findings;
import dev.onsale.proof.invariant.LogFold;
import java.time.Duration;

/**
 * What came of an export.
 *
 * @param lines in the file
 * @param events of the sale
 * @param roomRecords what the waiting room told; 0 if the export has nothing of one
 * @param admissions people it admitted
 * @param signed whether the file as a whole is signed
 * @param keysGiven whether the keys come from whoever verifies, not from the export itself
 * @param atItsEnd whether the sale had nothing open, so that everything could be judged
 */
public record ProofResult(
        ExportLine.Header header,
        long lines,
        long events,
        long roomRecords,
        long admissions,
        SealChain seals,
        boolean signed,
        boolean keysGiven,
        boolean atItsEnd,
        LogFold fold,
        Findings findings,
        Tampering tampering) {

    /** A hold may end that much later than its time while the sale goes on. */
    static final Duration GRACE = Duration.ofMinutes(5);

    public boolean passed() {
        return tampering.count() == 0 && findings.isEmpty();
    }
}
