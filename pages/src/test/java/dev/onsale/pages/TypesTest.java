package dev.onsale.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.impl.driver.Driver;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The types of the scripts, in their JSDoc, are right: {@code tsc --checkJs}, run by the Node of Playwright's driver. */
class TypesTest {

    private static final String WEB_JARS = "META-INF/resources/webjars/";

    @TempDir
    private Path folder = Path.of("");

    @Test
    void the_types_are_right() throws Exception {
        unpack("typescript");
        unpack("preact");
        Path libraries = folder.resolve(WEB_JARS);
        Path preact = only(libraries.resolve("preact"));
        Files.writeString(folder.resolve("htm.d.ts"), """
            declare const htm: { bind(h: any): (strings: TemplateStringsArray, ...values: any[]) => any };
            export default htm;
            """);
        Files.writeString(folder.resolve("tsconfig.json"), """
            {"compilerOptions": {"allowJs": true, "checkJs": true, "noEmit": true, "target": "es2022", "module": "esnext",
              "moduleResolution": "bundler", "lib": ["es2023", "dom", "dom.iterable", "dom.asynciterable"], "strict": true,
              "noImplicitAny": false, "skipLibCheck": true, "types": [], "paths": {
                "preact": ["%1$s/src/index.d.ts"], "preact/hooks": ["%1$s/hooks/src/index.d.ts"], "htm": ["%2$s/htm.d.ts"]}},
             "include": ["%3$s/**/*.js"]}
            """.formatted(
                        preact, folder, Path.of("src/main/resources/pages").toAbsolutePath()));
        assertThat(typescript(only(libraries.resolve("typescript")))).isEmpty();
    }

    private String typescript(Path compiler) throws Exception {
        Driver driver = Driver.ensureDriverInstalled(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"), false);
        Path said = folder.resolve("said");
        Process check = new ProcessBuilder(List.of(
                        driver.driverDir().resolve("node").toString(),
                        compiler.resolve("lib/tsc.js").toString(),
                        "-p",
                        folder.toString()))
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(check.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return Files.readString(said);
    }

    private void unpack(String library) throws IOException {
        URL place = Objects.requireNonNull(getClass()
                .getClassLoader()
                .getResource("META-INF/maven/org.webjars.npm/" + library + "/pom.properties"));
        Path jar = Path.of(place.getPath().replaceFirst("^file:", "").replaceFirst("!.*", ""));
        try (JarFile files = new JarFile(jar.toFile(), true)) {
            for (JarEntry entry : files.stream().filter(TypesTest::isNeeded).collect(Collectors.toList())) {
                Path target = folder.resolve(entry.getName());
                Files.createDirectories(Objects.requireNonNull(target.getParent()));
                try (InputStream content = files.getInputStream(entry)) {
                    Files.copy(content, target);
                }
            }
        }
    }

    private static boolean isNeeded(JarEntry entry) {
        String name = entry.getName();
        return name.startsWith(WEB_JARS)
                && (name.endsWith(".d.ts") || name.endsWith("/tsc.js") || name.endsWith("/_tsc.js"));
    }

    private static Path only(Path parent) throws IOException {
        try (var children = Files.list(parent)) {
            return children.findFirst().orElseThrow(() -> new IOException(parent + " is empty"));
        }
    }
}
