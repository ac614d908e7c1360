package dev.onsale.proof.verify;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Files of the repository, from wherever the tests run. */
final class Documents {

    private Documents() {}

    static Path file(String path) {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve(path))) {
            folder = Objects.requireNonNull(folder.getParent(), path + " is not above the working folder");
        }
        return folder.resolve(path);
    }
}
