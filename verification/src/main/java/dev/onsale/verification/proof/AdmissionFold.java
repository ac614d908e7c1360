package dev.onsale.verification.proof;

import dev.onsale.eventlog.export.ExportLine;

/** The waiting room's journal: whether it is whole. What an entry says is judged once the waiting room writes one. */
final class AdmissionFold {

    private final Tampering tampering;
    private long count;

    AdmissionFold(Tampering tampering) {
        this.tampering = tampering;
    }

    void on(ExportLine.Admission admission, long line) {
        if (admission.number() != count + 1) {
            tampering.add("Entry " + admission.number() + " of the waiting room's journal (line " + line
                    + ") comes after entry " + count);
        }
        count = admission.number();
    }

    long count() {
        return count;
    }
}
