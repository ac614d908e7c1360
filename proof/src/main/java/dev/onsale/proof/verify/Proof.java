package dev.onsale.proof.verify;

import dev.onsale.proof.invariant.Findings;
import dev.onsale.proof.invariant.Invariant;
import java.io.IOException;
import java.nio.file.Path;

/** The checks of {@code ./onsale verify} as a method call. */
public final class Proof {

    private Proof() {}

    /** Adds to {@code findings} every violation in an export. */
    public static void check(Path file, Findings findings) throws IOException {
        try {
            ProofResult result = ExportCheck.of(file, null, null);
            result.tampering().first().forEach(what -> findings.add(Invariant.EXPORT_VERIFIES, what));
            result.findings()
                    .broken()
                    .forEach((invariant, broken) -> findings.add(
                            Invariant.EXPORT_VERIFIES, invariant.words() + ", broken " + broken.count() + " times"));
            if (!result.atItsEnd()) {
                findings.add(
                        Invariant.EXPORT_VERIFIES,
                        "The export of " + result.header().saleKey() + " is not complete");
            }
        } catch (DamagedFileException damaged) {
            findings.add(Invariant.EXPORT_VERIFIES, String.valueOf(damaged.getMessage()));
        }
    }
}
