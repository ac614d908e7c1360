package dev.onsale.pages;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** All files of the pages, read once. Their common version is a digest of their content, so a version never changes. */
final class StaticFiles {

    static final String SHELL = "index.html";
    private static final String OWN = "pages/";
    private static final int VERSION_LENGTH = 12;

    private final SortedMap<String, StaticFile> files;
    private final String shell;
    private final String version;

    private StaticFiles(SortedMap<String, StaticFile> files, String shell) {
        this.files = files;
        this.shell = shell;
        version = version(files.values(), shell);
    }

    static StaticFiles load() throws IOException {
        PathMatchingResourcePatternResolver classPath = new PathMatchingResourcePatternResolver();
        SortedMap<String, StaticFile> files = new TreeMap<>();
        String shell = "";
        for (Resource file : classPath.getResources("classpath*:" + OWN + "**/*.*")) {
            String url = file.getURL().toString();
            String name = url.substring(url.lastIndexOf("/" + OWN) + OWN.length() + 1);
            if (name.equals(SHELL)) {
                shell = text(file);
            } else {
                files.put(name, new StaticFile(name, text(file).getBytes(StandardCharsets.UTF_8)));
            }
        }
        for (Library library : Library.ALL) {
            files.put(library.name(), new StaticFile(library.name(), library.content()));
        }
        return new StaticFiles(files, shell);
    }

    String version() {
        return version;
    }

    @Nullable
    StaticFile find(String name) {
        return files.get(name);
    }

    Collection<StaticFile> all() {
        return files.values();
    }

    String shell() {
        return shell;
    }

    private static String text(Resource file) throws IOException {
        try (InputStream content = file.getInputStream()) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String version(Collection<StaticFile> files, String shell) {
        MessageDigest digest = Digests.sha256();
        digest.update(shell.getBytes(StandardCharsets.UTF_8));
        for (StaticFile file : files) {
            digest.update((file.name() + file.digest()).getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest()).substring(0, VERSION_LENGTH);
    }
}
