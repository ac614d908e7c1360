package dev.onsale.proof.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes {@code ./onsale verify} available to tests of other packages. */
public final class ExportCheckAccess {

    private ExportCheckAccess() {}

    public static boolean passes(byte[] export) throws IOException {
        Path file = Files.createTempFile("export", ".jsonl.gz");
        try {
            Files.write(file, export);
            return VerifyMain.run(java.util.List.of(file.toString())) == 0;
        } finally {
            Files.delete(file);
        }
    }
}
