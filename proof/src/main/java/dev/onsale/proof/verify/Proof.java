package dev.onsale.proof.verify;

import dev.onsale.proof.invariant.Findings;
import dev.onsale.proof.invariant.Invariant;
import java.io.IOException;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.List;

/** The checks of {@code ./onsale verify} as a method call. */
public final class Proof {

    private Proof() {}

    /**
     * Adds to {@code findings} every violation in an export.
     *
     * @param keys file with trusted keys
     * @param witness file of a witness, whose heads the export must continue
     */
    public static void check(Path file, Path keys, Path witness, Findings findings) throws IOException {
        try {
            Trust trust = new Trust(
                    Keys.inFile(keys), List.of(), List.of(WitnessedHead.read(witness)), false, Trust.SEALED_WITHIN);
            ProofResult result = ExportCheck.of(file, trust);
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
        } catch (DamagedFileException | ParseException damaged) {
            findings.add(Invariant.EXPORT_VERIFIES, String.valueOf(damaged.getMessage()));
        }
    }
}
