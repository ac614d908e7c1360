package dev.onsale.rehearsal.pages;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;

/** What a viewer does on the pages. */
final class Visit {

    private Visit() {}

    static void signIn(Page page, String name) {
        page.navigate("/login");
        fillIn(page, name);
    }

    /** Fills in the form of the login page. */
    static void fillIn(Page page, String name) {
        page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true)).fill(name);
        page.locator("main").getByRole(AriaRole.BUTTON).click();
        page.waitForURL(url -> !url.contains("/login"));
    }

    /** Opens the hall and waits until its states are known. */
    static void openHall(Page page, String performance) {
        page.navigate("/sales/" + performance + "/seats");
        page.waitForFunction("() => document.querySelector('canvas')?.seatMap?.model.known");
    }

    /** Clicks a seat on the map. */
    static void clickSeat(Page page, String label) {
        page.locator("canvas")
                .click(new Locator.ClickOptions().setPosition(pixel(page, label, "x"), pixel(page, label, "y")));
    }

    private static double pixel(Page page, String label, String axis) {
        Object pixel = page.evaluate(
                "([label, axis]) => document.querySelector('canvas').seatMap.pointOf(label)[axis]",
                List.of(label, axis));
        return ((Number) pixel).doubleValue();
    }

    static Locator button(Page page, String name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name));
    }

    /** A labelled part of the page. */
    static Locator region(Page page, String name) {
        return page.getByRole(
                        AriaRole.REGION,
                        new Page.GetByRoleOptions().setName(name).setExact(true))
                .or(page.getByRole(
                        AriaRole.COMPLEMENTARY,
                        new Page.GetByRoleOptions().setName(name).setExact(true)));
    }

    static Locator heading(Page page) {
        return page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1));
    }

    /** The reservation of the checkout page. */
    static String reservation(Page page) {
        page.waitForURL("**/reservations/*");
        return page.url().replaceFirst(".*/", "");
    }
}
