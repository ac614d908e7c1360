package dev.onsale.rehearsal.pages;

import com.microsoft.playwright.Playwright;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives a test the browser of its class, and fails the test if a page of it complained. */
final class BrowserExtension implements ExecutionCondition, ParameterResolver, AfterEachCallback {

    private static final Namespace SPACE = Namespace.create(BrowserExtension.class);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Optional<Path> executable = TestBrowser.executable();
        if (executable.isPresent()) {
            return ConditionEvaluationResult.enabled("Browser " + executable.get());
        }
        String reason = "No Chrome or Chromium is installed (apt install chromium), so pages are not tested";
        if ("true".equals(System.getenv("CI"))) {
            throw new IllegalStateException(reason + "; with CI=true that is a failure");
        }
        System.err.println(context.getDisplayName() + " is skipped. " + reason);
        return ConditionEvaluationResult.disabled(reason);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Tabs.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Playwright playwright = context.getRoot()
                .getStore(Namespace.GLOBAL)
                .computeIfAbsent(Playwright.class, type -> TestBrowser.driver(), Playwright.class);
        // A browser for each class: it keeps connections open, and FuzzTest waits until there are none.
        TestBrowser browser = classOf(context)
                .getStore(SPACE)
                .computeIfAbsent(
                        TestBrowser.class,
                        type -> TestBrowser.start(
                                playwright, TestBrowser.executable().orElseThrow()),
                        TestBrowser.class);
        return context.getStore(SPACE).computeIfAbsent(Tabs.class, type -> new Tabs(browser), Tabs.class);
    }

    private static ExtensionContext classOf(ExtensionContext context) {
        ExtensionContext found = context;
        while (found.getTestMethod().isPresent()) {
            found = found.getParent().orElseThrow();
        }
        return found;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Tabs tabs = context.getStore(SPACE).get(Tabs.class, Tabs.class);
        if (tabs != null) {
            tabs.closeAndCheck(
                    context.getRequiredTestMethod().getName(),
                    context.getExecutionException().isPresent());
        }
    }
}
