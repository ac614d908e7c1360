package dev.onsale.rehearsal.pages;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.Cookie;
import dev.onsale.rehearsal.running.Onsale;
import dev.onsale.rehearsal.running.Person;
import dev.onsale.rehearsal.running.Sales;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A purchase from the list of events to the ticket. */
@BrowserPages
class PurchaseTest {

    private static final String CARD = "Test card";

    private final Onsale onsale;

    PurchaseTest(Onsale onsale) {
        this.onsale = onsale;
    }

    @Test
    void a_buyer_finds_the_event_chooses_a_seat_pays_and_has_a_ticket(Tabs tabs) throws Exception {
        String performance = scheduled("A purchase");
        Page page = tabs.open(onsale.port());
        Visit.signIn(page, "buyer-of-pages");

        page.navigate("/");
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("A purchase"))
                .click();
        assertThat(Visit.heading(page)).hasText("A purchase");
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Choose seats"))
                .click();
        page.waitForFunction("() => document.querySelector('canvas')?.seatMap?.model.known");
        Visit.clickSeat(page, "P-1-1");
        Visit.clickSeat(page, "P-1-2");
        assertThat(Visit.region(page, "Your choice")).containsText("€178.00");
        Visit.button(page, "Hold these seats").click();

        String reservation = Visit.reservation(page);
        assertThat(page.getByRole(AriaRole.TIMER)).containsText(java.util.regex.Pattern.compile("9:\\d\\d"));
        Visit.button(page, "Pay €178.00").click();
        assertThat(Visit.heading(page)).hasText("Your tickets are booked");
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("My tickets"))
                .last()
                .click();
        assertThat(page.getByRole(AriaRole.LISTITEM).filter(new Locator.FilterOptions().setHasText("A purchase")))
                .containsText("Booked");
        onsale.person("buyer-of-pages").awaits(reservation, "CONFIRMED", "CAPTURED");
        assertThat(onsale.person("buyer-of-pages")
                        .holds(performance, "again", "P-1-1")
                        .code())
                .isEqualTo("SEAT_TAKEN");
    }

    @Test
    void the_token_is_in_a_cookie_that_scripts_cannot_read(Tabs tabs) {
        Page page = tabs.open(onsale.port());
        Visit.signIn(page, "with-a-cookie");
        Cookie cookie = page.context().cookies().getFirst();
        assertThat(cookie.name).isEqualTo("onsale-login");
        assertThat(cookie.httpOnly).isTrue();
        assertThat(cookie.sameSite).hasToString("LAX");
        assertThat(page.evaluate("() => document.cookie")).isEqualTo("");
        Visit.button(page, "Sign out").click();
        assertThat(page.getByRole(AriaRole.BANNER)
                        .getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName("Sign in")))
                .isVisible();
        assertThat(page.context().cookies()).isEmpty();
    }

    @Test
    void after_a_declined_card_the_seats_and_the_form_are_kept_and_another_card_pays(Tabs tabs) throws Exception {
        String performance = scheduled("A declined card");
        Page page = tabs.open(onsale.port());
        Visit.signIn(page, "declined");
        Visit.openHall(page, performance);
        Visit.clickSeat(page, "P-3-4");
        Visit.button(page, "Hold these seats").click();
        String reservation = Visit.reservation(page);
        page.getByLabel("Email").fill("declined@example.org");
        page.getByLabel(CARD).selectOption("tok_declined_insufficient_funds");
        Visit.button(page, "Pay €49.00").click();
        assertThat(page.getByRole(AriaRole.ALERT).filter(new Locator.FilterOptions().setHasText("did not work")))
                .containsText("There was not enough money on the card.");
        assertThat(page.getByLabel("Email")).hasValue("declined@example.org");

        page.reload();
        assertThat(page.getByLabel("Email")).hasValue("declined@example.org");
        page.getByLabel(CARD).selectOption("tok_approved");
        Visit.button(page, "Pay €49.00").click();
        assertThat(Visit.heading(page)).hasText("Your tickets are booked");
        onsale.person("declined").awaits(reservation, "CONFIRMED", "CAPTURED");
    }

    @Test
    void a_seat_that_somebody_else_took_is_named_and_the_rest_of_the_choice_is_kept(Tabs tabs) throws Exception {
        String performance = scheduled("Two buyers");
        Page page = tabs.open(onsale.port());
        Visit.signIn(page, "the-slower");
        Visit.openHall(page, performance);
        Visit.clickSeat(page, "P-2-5");
        Visit.clickSeat(page, "P-2-6");
        assertThat(Visit.region(page, "Your choice")).containsText("2 seats");
        // The page does not hear of it: the refusal itself names the seat.
        page.evaluate("() => { document.querySelector('canvas').seatMap.model.change = () => []; }");
        onsale.person("the-faster").hasHeld(performance, "P-2-5");
        Visit.button(page, "Hold these seats").click();
        Locator choice = Visit.region(page, "Your choice");
        assertThat(choice).containsText("Parquet, row 2, seat 5 was just taken by somebody else.");
        assertThat(choice).containsText("1 seat");
        Visit.button(page, "Hold these seats").click();
        Visit.reservation(page);
        assertThat(Visit.region(page, "Your seats")).containsText("Parquet, row 2, seat 6");
    }

    @Test
    void the_map_shows_what_others_do_and_tells_who_has_chosen_the_seat(Tabs tabs) throws Exception {
        String performance = scheduled("A live map");
        Page page = tabs.open(onsale.port());
        Visit.openHall(page, performance);
        Visit.clickSeat(page, "P-4-1");
        onsale.person("somebody").hasHeld(performance, "P-4-1");
        assertThat(Visit.region(page, "Your choice")).containsText("row 4, seat 1 was just taken");
    }

    @Test
    void a_choice_is_kept_while_the_buyer_signs_in(Tabs tabs) throws Exception {
        String performance = scheduled("A choice before the sign-in");
        Page page = tabs.open(onsale.port());
        Visit.openHall(page, performance);
        Visit.clickSeat(page, "P-3-7");
        Visit.region(page, "Your choice")
                .getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName("Sign in to hold seats"))
                .click();
        Visit.fillIn(page, "signs-in-late");
        page.waitForURL("**/seats");
        assertThat(Visit.region(page, "Your choice")).containsText("Parquet, row 3, seat 7");
        Visit.button(page, "Hold these seats").click();
        Visit.reservation(page);
    }

    @Test
    void the_best_seats_are_held_together(Tabs tabs) throws Exception {
        String performance = scheduled("The best seats");
        Page page = tabs.open(onsale.port());
        Visit.signIn(page, "wants-the-best");
        Visit.openHall(page, performance);
        choice(page, "Seats").selectOption("3");
        choice(page, "Category").selectOption("Back");
        Visit.button(page, "Hold the best seats").click();
        String reservation = Visit.reservation(page);
        assertThat(Visit.region(page, "Your seats")).containsText("€147.00");
        assertThat(onsale.person("wants-the-best")
                        .sees("/api/reservations/" + reservation)
                        .json()
                        .path("seats")
                        .size())
                .isEqualTo(3);
    }

    @Test
    void a_purchase_needs_no_mouse(Tabs tabs) throws Exception {
        String performance = scheduled("With a keyboard");
        Page page = tabs.open(onsale.port());
        Visit.signIn(page, "keyboard");
        Visit.openHall(page, performance);
        page.locator("summary").focus();
        page.keyboard().press("Enter");
        page.keyboard().press("Tab");
        page.keyboard().press("Tab");
        assertThat(page.locator(":focus")).hasAttribute("data-label", "P-1-1");
        page.keyboard().press("ArrowDown");
        page.keyboard().press("ArrowRight");
        assertThat(page.locator(":focus")).hasAttribute("data-label", "P-2-2");
        page.keyboard().press("Space");
        assertThat(page.locator(":focus")).hasAttribute("aria-pressed", "true");
        Visit.button(page, "Hold these seats").focus();
        page.keyboard().press("Enter");
        Visit.reservation(page);
        Visit.button(page, "Pay €89.00").focus();
        page.keyboard().press("Enter");
        assertThat(Visit.heading(page)).hasText("Your tickets are booked");
        assertThat(Visit.heading(page)).isVisible();
    }

    @Test
    void a_coupon_is_got_with_one_button_and_used_at_the_checkout(Tabs tabs) throws Exception {
        String campaign = Sales.launched(onsale, named(Sales.campaign(10), "name", "Twenty off"));
        String performance = scheduled("With a coupon");
        Page page = tabs.open(onsale.port());
        Visit.signIn(page, "with-coupon");
        page.navigate("/");
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Twenty off"))
                .click();
        page.waitForURL("**/campaigns/" + campaign);
        Visit.button(page, "Get the coupon").click();
        assertThat(page.getByRole(AriaRole.MAIN)).containsText("You were number 1 of 10.");

        Person buyer = onsale.person("with-coupon");
        String reservation = buyer.hasHeld(performance, "P-1-5");
        page.navigate("/reservations/" + reservation);
        page.getByText("Twenty off").click();
        Visit.button(page, "Pay €71.20").click();
        assertThat(Visit.heading(page)).hasText("Your tickets are booked");
        assertThat(buyer.awaits(reservation, "CONFIRMED", "CAPTURED")
                        .path("payment")
                        .path("amount")
                        .path("minorUnits")
                        .asInt())
                .isEqualTo(7_120);
    }

    @Test
    void a_booking_is_cancelled_after_a_question(Tabs tabs) throws Exception {
        String performance = scheduled("To be cancelled");
        Person buyer = onsale.person("cancels");
        String reservation = buyer.hasHeld(performance, "P-5-1");
        buyer.pays(reservation, "pay", Person.GOOD_CARD).require(202);
        buyer.awaits(reservation, "CONFIRMED", "CAPTURED");
        Page page = tabs.open(onsale.port());
        Visit.signIn(page, "cancels");
        page.navigate("/tickets");
        Visit.button(page, "Cancel the booking").click();
        Locator question = page.getByRole(AriaRole.DIALOG);
        assertThat(question).containsText("You get €49.00 back");
        question.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Cancel the booking"))
                .click();
        assertThat(page.getByRole(AriaRole.MAIN)).containsText("Cancelled");
        buyer.awaits(reservation, "CANCELLED", "REFUNDED");
    }

    @Test
    void a_hold_ends_by_the_clock_of_the_server_whatever_the_browser_believes(Tabs tabs) throws Exception {
        Map<String, Object> short_ = Sales.performance();
        short_.put("title", "A wrong clock");
        short_.put("holdDuration", "PT6S");
        String performance = Sales.scheduled(onsale, short_);
        Person buyer = onsale.person("an-hour-off");
        Page page = tabs.open(onsale.port());
        page.context().addInitScript("{ const now = Date.now; Date.now = () => now() + 3_600_000; }");
        Visit.signIn(page, "an-hour-off");
        String reservation = buyer.hasHeld(performance, "P-1-1");
        page.navigate("/reservations/" + reservation);
        assertThat(page.getByRole(AriaRole.TIMER)).containsText(java.util.regex.Pattern.compile("0:0[1-6]"));
        assertThat(Visit.heading(page)).hasText("The time is over");
        assertThat(page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Choose seats again")))
                .isVisible();
    }

    private static Locator choice(Page page, String name) {
        return page.getByRole(
                AriaRole.COMBOBOX, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private String scheduled(String title) throws Exception {
        return Sales.scheduled(onsale, named(Sales.performance(), "title", title));
    }

    private static Map<String, Object> named(Map<String, Object> request, String property, String value) {
        Map<String, Object> changed = new HashMap<>(request);
        changed.put(property, value);
        return changed;
    }
}
