package dev.onsale.pages;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** The HTML document of every page with its Content-Security-Policy. The script in it builds the page of the address. */
final class Shell {

    private final StaticFile document;
    private final String policy;

    /**
     * @param frameAncestors origins that may show the pages in a frame
     */
    Shell(StaticFiles files, List<String> frameAncestors) {
        String assets = PageRoutes.ASSETS + files.version();
        String importMap = importMap(assets);
        String html = files.shell()
                .replace("{{importMap}}", importMap)
                .replace("{{preloads}}", preloads(files, assets))
                .replace("{{assets}}", assets);
        document = new StaticFile(StaticFiles.SHELL, html.getBytes(StandardCharsets.UTF_8));
        policy = policy(importMap, frameAncestors);
    }

    StaticFile document() {
        return document;
    }

    String policy() {
        return policy;
    }

    private static String importMap(String assets) {
        return "{\"imports\":{\"preact\":\"" + assets + "/vendor/preact.js\",\"preact/hooks\":\"" + assets
                + "/vendor/hooks.js\",\"htm\":\"" + assets + "/vendor/htm.js\"}}";
    }

    /** What the start page needs, at once: a browser would otherwise find one import after the other. */
    private static String preloads(StaticFiles files, String assets) {
        return files.all().stream()
                .filter(StaticFile::isForEveryPage)
                .map(file -> "<link rel=\"modulepreload\" href=\"" + assets + "/" + file.name() + "\">")
                .collect(Collectors.joining("\n"));
    }

    /** Everything is forbidden that the pages do not need. */
    private static String policy(String importMap, List<String> frameAncestors) {
        return String.join(
                "; ",
                "default-src 'none'",
                "script-src 'self' 'sha256-" + base64Sha256(importMap) + "'",
                "style-src 'self'",
                "img-src 'self'",
                "connect-src 'self'",
                "worker-src 'self'",
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors " + (frameAncestors.isEmpty() ? "'none'" : String.join(" ", frameAncestors)),
                "require-trusted-types-for 'script'",
                "trusted-types onsale");
    }

    private static String base64Sha256(String text) {
        return Base64.getEncoder().encodeToString(Digests.sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
