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
 * @param trust what the user trusts from outside the file
 * @param atItsEnd whether nothing in the sale was open, so that the rules for a complete log were checked
 */
record ProofResult(
        ExportLine.Header header,
        long lines,
        long events,
        long roomRecords,
        long admissions,
        SealChain seals,
        Anchors anchors,
        Trust trust,
        boolean signed,
        boolean atItsEnd,
        LogFold fold,
        Findings findings,
        Tampering tampering) {

    /** How much later than its end a hold may expire while the sale is still running. */
    static final Duration GRACE = Duration.ofMinutes(5);

    boolean passed() {
        return tampering.count() == 0 && findings.isEmpty();
    }
}
