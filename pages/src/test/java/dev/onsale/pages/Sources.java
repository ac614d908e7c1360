package dev.onsale.pages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The scripts of the pages, without the libraries. */
final class Sources {

    private Sources() {}

    static List<Path> scripts() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/resources/pages"))) {
            List<Path> scripts = files.filter(file -> file.toString().endsWith(".js"))
                    .sorted()
                    .toList();
            if (scripts.isEmpty()) {
                throw new IOException("The pages have no scripts");
            }
            return scripts;
        }
    }
}
