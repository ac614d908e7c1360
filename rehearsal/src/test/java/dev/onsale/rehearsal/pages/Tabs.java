package dev.onsale.rehearsal.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ViewportSize;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** The browser windows of one test, and what must not happen in them: console errors, violations of the policy, foreign requests. */
final class Tabs {

    /** The console names each refused request; refusals of the API are answers, and the test looks at them on the page. */
    private static final Pattern REFUSAL =
            Pattern.compile("Failed to load resource: the server responded with a status of (403|404|409|422|503).*");

    private static final Set<String> COMPLAINTS = Set.of("error", "warning");

    private final TestBrowser browser;
    private final List<BrowserContext> contexts = new ArrayList<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private boolean offline;

    Tabs(TestBrowser browser) {
        this.browser = browser;
    }

    /** A window of its own, with its own cookies. */
    Page open(int port) {
        return open(port, options -> options);
    }

    Page open(int port, UnaryOperator<Browser.NewContextOptions> options) {
        BrowserContext context = browser.browser()
                .newContext(options.apply(new Browser.NewContextOptions()
                        .setBaseURL("http://127.0.0.1:" + port)
                        .setLocale("en-GB")
                        .setTimezoneId("Europe/Berlin")
                        .setViewportSize(new ViewportSize(1280, 860))));
        contexts.add(context);
        context.setDefaultTimeout(TestBrowser.LIMIT_MS);
        context.onConsoleMessage(this::hear);
        context.onWebError(error -> complaints.add("Uncaught: " + error.error()));
        context.onRequest(request -> {
            URI url = URI.create(request.url());
            if (!"127.0.0.1".equals(url.getHost()) || url.getPort() != port) {
                complaints.add("Request to another host: " + request.url());
            }
        });
        return context.newPage();
    }

    /** From now on requests may fail: the test has cut the network. */
    void expectOutage() {
        offline = true;
    }

    private void hear(ConsoleMessage message) {
        boolean refusal =
                REFUSAL.matcher(message.text()).matches() && message.location().contains("/api/");
        boolean outage = offline && message.text().contains("net::ERR");
        if (COMPLAINTS.contains(message.type()) && !refusal && !outage) {
            complaints.add(message.type() + ": " + message.text() + " at " + message.location());
        }
    }

    void closeAndCheck(String test, boolean failed) {
        if (failed) {
            for (BrowserContext context : contexts) {
                context.pages()
                        .forEach(page -> page.screenshot(new Page.ScreenshotOptions()
                                .setPath(Path.of("target", "pages", test + "-" + contexts.indexOf(context) + ".png"))));
            }
        }
        contexts.forEach(BrowserContext::close);
        assertThat(complaints).as("what the browser complained about").isEmpty();
    }
}
