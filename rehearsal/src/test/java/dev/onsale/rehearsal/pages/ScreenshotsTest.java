package dev.onsale.rehearsal.pages;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.onsale.rehearsal.running.Onsale;
import dev.onsale.rehearsal.running.Person;
import dev.onsale.rehearsal.running.Sales;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Pictures of every page for people to look at, in {@code target/pages/screens}. Made on request; docs/pages.md says how. */
@BrowserPages
@EnabledIfSystemProperty(named = "onsale.screenshots", matches = "true")
class ScreenshotsTest {

    private static final String VIEWER = "mia.sommer";
    private static final Path FOLDER = Path.of("target", "pages", "screens");
    private static final List<String> VISION = List.of("deuteranopia", "protanopia", "tritanopia", "achromatopsia");

    private final Onsale onsale;

    ScreenshotsTest(Onsale onsale) {
        this.onsale = onsale;
    }

    @Test
    void every_page_on_desktop_and_phone_in_light_and_dark(Tabs tabs) throws Exception {
        Map<String, String> pages = pages();
        Page page = tabs.open(onsale.port());
        page.navigate("/login");
        page.waitForSelector("h1");
        takeAll(page, "login");
        Visit.signIn(page, VIEWER);
        for (Map.Entry<String, String> shown : pages.entrySet()) {
            page.navigate(shown.getValue());
            page.waitForSelector("h1");
            page.waitForFunction("() => !document.querySelector('.loading')");
            page.waitForFunction("() => { const canvas = document.querySelector('canvas');"
                    + " return !canvas || canvas.seatMap?.model.known; }");
            takeAll(page, shown.getKey());
        }
    }

    private Map<String, String> pages() throws Exception {
        String performance = Sales.scheduled(onsale, Sales.performance());
        String campaign = Sales.launched(onsale, Sales.campaign(10));
        Map<String, Object> later = Sales.performance();
        later.put("title", "A sale that opens later");
        later.put("saleOpensAt", Instant.now().plusSeconds(90_000).toString());
        Map<String, Object> queued = Sales.performance();
        queued.put("waitingRoom", true);
        String waiting = Sales.scheduled(onsale, queued);
        onsale.post("/api/admin/waiting-rooms/" + waiting)
                .as(onsale.operator())
                .json(Map.of("activeLimit", 1, "admitPerSecond", 1))
                .send();
        onsale.post("/api/admin/waiting-rooms/" + waiting + "/pause")
                .as(onsale.operator())
                .send();
        Person viewer = onsale.person(VIEWER);
        viewer.asksForCoupon(campaign, "coupon").require(201);
        String booked = viewer.hasHeld(performance, "P-1-1", "P-1-2");
        viewer.pays(booked, "pay", Person.GOOD_CARD).require(202);
        viewer.awaits(booked, "CONFIRMED", "CAPTURED");
        onsale.person("another").hasHeld(performance, "P-2-3", "P-2-4");
        String declined = viewer.hasHeld(performance, "P-3-1");
        viewer.pays(declined, "bad", Person.BAD_CARD).require(202);
        viewer.awaits(declined, "HELD", "DECLINED");
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put("events", "/");
        pages.put("sale", "/sales/" + performance);
        pages.put("sale-later", "/sales/" + Sales.scheduled(onsale, later));
        pages.put("queue", "/sales/" + waiting + "/queue");
        pages.put("seats", "/sales/" + performance + "/seats");
        pages.put("declined", "/reservations/" + declined);
        pages.put("booked", "/reservations/" + booked);
        pages.put("tickets", "/reservations/" + booked + "/tickets");
        pages.put("my-tickets", "/tickets");
        pages.put("campaign", "/campaigns/" + campaign);
        return pages;
    }

    private static void takeAll(Page page, String name) {
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
            String look = scheme == ColorScheme.DARK ? "-dark" : "";
            page.setViewportSize(1280, 860);
            take(page, name + "-desktop" + look);
            page.setViewportSize(390, 844);
            take(page, name + "-phone" + look);
        }
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
        if ("seats".equals(name)) {
            takeAsSeenBy(page, name);
        }
    }

    private static void takeAsSeenBy(Page page, String name) {
        page.setViewportSize(1280, 860);
        CDPSession session = page.context().newCDPSession(page);
        for (String vision : VISION) {
            JsonObject type = new JsonObject();
            type.addProperty("type", vision);
            session.send("Emulation.setEmulatedVisionDeficiency", type);
            take(page, name + "-" + vision);
        }
        session.detach();
    }

    private static void take(Page page, String name) {
        // The map draws in the next frames.
        page.waitForFunction("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() =>"
                + " setTimeout(() => done(true), 150))))");
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(FOLDER.resolve(name + ".png"))
                .setFullPage(true));
    }
}
