package dev.onsale.rehearsal.pages;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The installed Chrome or Chromium, driven by Playwright. Nothing is downloaded. */
final class TestBrowser implements AutoCloseable {

    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    static final double LIMIT_MS = 10_000;

    private final Browser browser;

    private TestBrowser(Browser browser) {
        this.browser = browser;
    }

    static Optional<Path> executable() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .filter(folder -> !folder.isEmpty())
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The process that drives browsers. */
    static Playwright driver() {
        PlaywrightAssertions.setDefaultAssertionTimeout(LIMIT_MS);
        return Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    }

    static TestBrowser start(Playwright playwright, Path executable) {
        return new TestBrowser(playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(executable)
                        // As root, as in a container, Chromium has no sandbox.
                        .setArgs(List.of("--no-sandbox", "--force-color-profile=srgb"))));
    }

    Browser browser() {
        return browser;
    }

    @Override
    public void close() {
        browser.close();
    }
}
