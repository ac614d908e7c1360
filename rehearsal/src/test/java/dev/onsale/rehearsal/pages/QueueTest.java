package dev.onsale.rehearsal.pages;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.onsale.rehearsal.running.Onsale;
import dev.onsale.rehearsal.running.Sales;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The waiting room in a browser. */
@BrowserPages
class QueueTest {

    private final Onsale onsale;

    QueueTest(Onsale onsale) {
        this.onsale = onsale;
    }

    @Test
    void a_visitor_waits_keeps_the_place_and_enters_by_itself(Tabs tabs) throws Exception {
        String sale = sale(Map.of("activeLimit", 1, "admitPerSecond", 100));
        onsale.post("/api/waiting-rooms/" + sale + "/visitors")
                .as(onsale.person("first-in-line").token())
                .send()
                .require(202);
        Page page = tabs.open(onsale.port());
        Visit.signIn(page, "second-in-line");
        order(sale, "pause");
        page.navigate("/sales/" + sale);
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Go to the waiting room"))
                .click();
        Locator queue = page.getByRole(AriaRole.MAIN);
        assertThat(queue).containsText("ahead of you");
        assertThat(queue).containsText("Admission is paused");
        page.reload();
        assertThat(queue).containsText("Admission is paused");
        Page second = page.context().newPage();
        second.navigate("/sales/" + sale + "/queue");
        assertThat(second.getByRole(AriaRole.MAIN)).containsText("ahead of you");
        second.close();

        room(sale, Map.of("activeLimit", 10, "admitPerSecond", 100));
        order(sale, "resume");
        page.waitForURL("**/seats");
        page.waitForFunction("() => document.querySelector('canvas')?.seatMap?.model.known");
        Visit.clickSeat(page, "P-1-1");
        Visit.button(page, "Hold these seats").click();
        Visit.reservation(page);
    }

    @Test
    void before_the_opening_the_page_counts_down_and_the_draw_can_be_checked_after_it(Tabs tabs) throws Exception {
        String sale = sale(Map.of("opensAt", Instant.now().plusSeconds(6).toString(), "admitPerSecond", 100));
        Page page = tabs.open(onsale.port());
        Visit.signIn(page, "in-the-draw");
        page.navigate("/sales/" + sale + "/queue");
        assertThat(page.getByRole(AriaRole.MAIN)).containsText("The sale opens in");
        assertThat(page.getByRole(AriaRole.TIMER)).containsText("0:0");
        page.waitForURL("**/seats");

        // Who was in the draw finds the place in it, and the browser has drawn again.
        Page other = tabs.open(onsale.port());
        Visit.signIn(other, "after-the-draw");
        order(sale, "pause");
        other.navigate("/sales/" + sale + "/queue");
        other.getByText("How the order is drawn").click();
        Visit.button(other, "Check the draw").click();
        assertThat(other.getByRole(AriaRole.MAIN)).containsText("The draw is right.");
    }

    @Test
    void a_proof_of_work_is_solved_beside_the_page(Tabs tabs) throws Exception {
        String sale = sale(Map.of("proofOfWork", 2_000, "admitPerSecond", 100));
        Page page = tabs.open(onsale.port());
        Visit.signIn(page, "works-for-it");
        page.navigate("/sales/" + sale + "/queue");
        page.waitForURL("**/seats");
    }

    private String sale(Map<String, Object> room) throws Exception {
        Map<String, Object> performance = Sales.performance();
        performance.put("waitingRoom", true);
        String sale = Sales.scheduled(onsale, performance);
        room(sale, room);
        return sale;
    }

    private void room(String sale, Map<String, Object> settings) throws Exception {
        onsale.post("/api/admin/waiting-rooms/" + sale)
                .as(onsale.operator())
                .json(new HashMap<>(settings))
                .send();
    }

    private void order(String sale, String what) throws Exception {
        onsale.post("/api/admin/waiting-rooms/" + sale + "/" + what)
                .as(onsale.operator())
                .send()
                .require(200);
    }
}
