package dev.onsale.rehearsal.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ForcedColors;
import dev.onsale.rehearsal.running.Onsale;
import dev.onsale.rehearsal.running.Person;
import dev.onsale.rehearsal.running.Sales;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** axe finds nothing on any page, in light and dark, with forced colours and on 320 pixels, and no page scrolls sideways. */
@BrowserPages
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessibilityTest {

    /** How the pages are looked at. */
    enum Look {
        LIGHT(ColorScheme.LIGHT, ForcedColors.NONE, WIDE),
        DARK(ColorScheme.DARK, ForcedColors.NONE, WIDE),
        FORCED_COLORS(ColorScheme.LIGHT, ForcedColors.ACTIVE, WIDE),
        NARROW(ColorScheme.LIGHT, ForcedColors.NONE, 320);

        private final ColorScheme scheme;
        private final ForcedColors forced;
        private final int width;

        Look(ColorScheme scheme, ForcedColors forced, int width) {
            this.scheme = scheme;
            this.forced = forced;
            this.width = width;
        }

        void at(Page page) {
            page.emulateMedia(
                    new Page.EmulateMediaOptions().setColorScheme(scheme).setForcedColors(forced));
            page.setViewportSize(width, HEIGHT);
        }

        /** Other colours can break the rules about colours only. */
        AxeBuilder rules(AxeBuilder axe) {
            return this == DARK || this == FORCED_COLORS ? axe.withRules(ABOUT_COLOURS) : axe;
        }
    }

    private static final List<String> ABOUT_COLOURS = List.of("color-contrast", "link-in-text-block");
    private static final int WIDE = 1280;
    private static final int HEIGHT = 800;
    private static final String LONG_WORD = "Donaudampfschifffahrt".repeat(9);
    private static final String VISITOR = "looks-at-all";

    private final Onsale onsale;
    private final Map<String, String> pages = new LinkedHashMap<>();

    AccessibilityTest(Onsale onsale) {
        this.onsale = onsale;
    }

    @BeforeAll
    void everything_there_is_to_see() throws Exception {
        String performance = Sales.scheduled(onsale, Sales.performance());
        String campaign = Sales.launched(onsale, Sales.campaign(10));
        Map<String, Object> longTitle = Sales.performance();
        longTitle.put("title", LONG_WORD);
        Map<String, Object> longName = Sales.campaign(10);
        longName.put("name", LONG_WORD.substring(0, 100));
        String longPerformance = Sales.scheduled(onsale, longTitle);
        String longCampaign = Sales.launched(onsale, longName);
        Person visitor = onsale.person(VISITOR);
        visitor.asksForCoupon(campaign, "coupon").require(201);
        String paid = visitor.hasHeld(performance, "P-1-1");
        visitor.pays(paid, "pay", Person.GOOD_CARD).require(202);
        visitor.awaits(paid, "CONFIRMED", "CAPTURED");
        String held = visitor.hasHeld(performance, "P-1-2");
        pages.put("/", "performances");
        pages.put("/sales/" + performance, "sale");
        pages.put("/sales/" + longPerformance, "sale with a long title");
        pages.put("/campaigns/" + longCampaign, "campaign with a long name");
        pages.put("/sales/" + performance + "/seats", "hall");
        pages.put("/reservations/" + held, "checkout");
        pages.put("/reservations/" + paid, "booked");
        pages.put("/tickets", "tickets");
        pages.put("/campaigns/" + campaign, "campaign");
        pages.put("/sales/" + performance + "/queue", "queue");
        pages.put("/receipts/" + performance, "receipt");
        pages.put("/receipts/" + campaign, "receipt of a coupon");
        pages.put("/reservations/00000000-0000-8000-8000-000000000000", "not found");
    }

    @Test
    void axe_finds_nothing_on_any_page(Tabs tabs) {
        Page page = tabs.open(onsale.port());
        List<String> found = new ArrayList<>();
        page.navigate("/login");
        page.waitForSelector("h1");
        looks(page, "login", found);
        Visit.signIn(page, VISITOR);
        pages.forEach((path, name) -> {
            page.navigate(path);
            page.waitForSelector("h1");
            page.waitForFunction("() => !document.querySelector('.loading')");
            looks(page, name, found);
        });
        assertThat(found).isEmpty();
    }

    @Test
    void axe_would_find_something(Tabs tabs) {
        Page page = tabs.open(onsale.port());
        page.navigate("/login");
        page.waitForSelector("h1");
        page.evaluate(
                "() => { const wide = document.createElement('div'); wide.style.width = '3000px';"
                        + " wide.style.height = '1px'; document.querySelector('main').append(document.createElement('img'), wide); }");
        List<String> found = new ArrayList<>();
        looks(page, "broken", found);
        assertThat(found)
                .anyMatch(fault -> fault.startsWith("NARROW broken: image-alt"))
                .contains("NARROW broken: scrolls sideways");
    }

    private static void looks(Page page, String name, List<String> found) {
        for (Look look : Look.values()) {
            look.at(page);
            check(page, look, name, found);
        }
    }

    private static void check(Page page, Look look, String name, List<String> found) {
        for (Rule violation : look.rules(new AxeBuilder(page)).analyze().getViolations()) {
            violation
                    .getNodes()
                    .forEach(node -> found.add(look + " " + name + ": " + violation.getId() + " at " + node.getTarget()
                            + " " + node.getHtml() + " " + node.getFailureSummary()));
        }
        if (Boolean.TRUE.equals(page.evaluate("() => document.documentElement.scrollWidth > innerWidth"))) {
            found.add(look + " " + name + ": scrolls sideways");
        }
    }
}
