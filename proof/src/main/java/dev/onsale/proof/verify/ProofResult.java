package dev.onsale.proof.verify;

import dev.onsale.proof.export.ExportLine;
import dev.onsale.proof.invariant.Findings;
import dev.onsale.proof.invariant.LogFold;
import java.time.Duration;

/**
 * The result of checking an export.
 *
 * @param lines number of lines in the file
 * @param events number of events of the sale
 * @param roomRecords number of records of the waiting room; 0 if the export has none
 * @param admissions number of admitted visitors
 * @param signed whether the whole file is signed
 * @param keysGiven whether the keys were given by the user instead of taken from the export
 * @param atItsEnd whether nothing in the sale was open, so that the rules for a complete log were checked
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

    /** How much later than its end a hold may expire while the sale is still running. */
    static final Duration GRACE = Duration.ofMinutes(5);

    public boolean passed() {
        return tampering.count() == 0 && findings.isEmpty();
    }
}
