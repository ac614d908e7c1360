package dev.onsale.proof.verify;

import dev.onsale.proof.invariant.Findings;
import dev.onsale.proof.invariant.Invariant;
import java.io.IOException;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The checks of {@code ./onsale verify} as a method call. */
public final class Proof {

    private Proof() {}

    /**
     * What an export proves.
     *
     * @param level {@code anchored} if it passed, absent if it did not
     * @param eventsBefore events of the sale under the first seal that the witness noted; -1 if that is not proven
     * @param eventsAnchored events of the sale under the newest seal that the witness noted
     */
    public record Proven(@Nullable String level, long eventsBefore, long eventsAnchored) {}

    /**
     * Adds to {@code findings} every violation in an export.
     *
     * @param keys file with trusted keys
     * @param witness file of a witness, whose heads the export must continue
     */
    public static Proven check(Path file, Path keys, Path witness, Findings findings) throws IOException {
        try {
            List<WitnessedHead> heads = WitnessedHead.read(witness);
            Trust trust = new Trust(Keys.inFile(keys), List.of(), List.of(heads), false, Trust.SEALED_WITHIN);
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
            return new Proven(
                    result.passed() ? result.trust().level().word() : null,
                    result.anchors().eventsAt(heads.getFirst().head().number()),
                    result.anchors().eventsAnchored());
        } catch (DamagedFileException | ParseException damaged) {
            findings.add(Invariant.EXPORT_VERIFIES, String.valueOf(damaged.getMessage()));
            return new Proven(null, -1, 0);
        }
    }
}
