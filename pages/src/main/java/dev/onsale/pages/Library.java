package dev.onsale.pages;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import org.springframework.core.io.ClassPathResource;

/**
 * A script of a library, in its jar.
 *
 * @param name under which it is served
 * @param pom folder of the jar that tells its version
 * @param folder of the files, before the version
 * @param file behind the version
 */
record Library(String name, String pom, String folder, String file) {

    private static final String PREACT = "META-INF/maven/org.webjars.npm/preact";
    private static final String PREACT_FILES = "META-INF/resources/webjars/preact";

    static final List<Library> ALL = List.of(
            new Library("vendor/preact.js", PREACT, PREACT_FILES, "dist/preact.mjs"),
            new Library("vendor/hooks.js", PREACT, PREACT_FILES, "hooks/dist/hooks.mjs"),
            new Library(
                    "vendor/htm.js", "META-INF/maven/org.mvnpm/htm", "META-INF/resources/_static/htm", "dist/htm.mjs"));

    /** Without the reference to its source map, which is not served. */
    byte[] content() throws IOException {
        String version;
        try (InputStream properties = new ClassPathResource(pom + "/pom.properties").getInputStream()) {
            Properties read = new Properties();
            read.load(properties);
            version = read.getProperty("version");
        }
        try (InputStream script = new ClassPathResource(folder + "/" + version + "/" + file).getInputStream()) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8)
                    .replaceAll("(?m)^//# sourceMappingURL=.*$", "")
                    .getBytes(StandardCharsets.UTF_8);
        }
    }
}
