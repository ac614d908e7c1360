package dev.onsale.rehearsal.pages;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import dev.onsale.eventlog.EventJson;
import dev.onsale.proof.export.ExportLine;
import dev.onsale.proof.seal.Seal;
import dev.onsale.rehearsal.running.Onsale;
import dev.onsale.rehearsal.running.Sales;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The receipt is checked in the browser: a good one says what it proves, and a changed one is found there. */
@BrowserPages
class ReceiptPageTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String RANK_1 = "\\\"rank\\\":1";
    private static final String RANK_9 = "\\\"rank\\\":9";

    private final Onsale onsale;

    ReceiptPageTest(Onsale onsale) {
        this.onsale = onsale;
    }

    /** A campaign with one coupon, which the winner got. */
    private String campaign(String winner) throws Exception {
        String campaign = Sales.launched(onsale, Sales.campaign(1));
        onsale.person(winner).asksForCoupon(campaign, "c").require(201);
        awaitSeals();
        return campaign;
    }

    private void awaitSeals() throws Exception {
        long written = onsale.log().head();
        await("everything is sealed")
                .atMost(PATIENCE)
                .until(() -> head().path("seal").path("lastPosition").asLong() >= written);
    }

    private JsonNode head() throws Exception {
        return onsale.get("/api/seals/head").send().require(200);
    }

    private static Locator main(Page page) {
        return page.getByRole(AriaRole.MAIN);
    }

    private static Locator alert(Page page) {
        return page.getByRole(AriaRole.ALERT);
    }

    /** The receipt with another signed text, and the signature that it had. */
    private static String changed(String receipt, String what, String with) {
        ObjectNode json = (ObjectNode) JsonMapper.shared().readTree(receipt);
        String body = json.path("body").asString();
        assertThat(body).contains(what);
        return json.put("body", body.replace(what, with)).toString();
    }

    private static void openFile(Page page, String receipt) {
        page.getByLabel("Check a receipt from a file")
                .setInputFiles(
                        new FilePayload("receipt.json", "application/json", receipt.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void who_got_a_coupon_sees_the_rank_and_who_got_none_sees_when_the_last_one_went(Tabs tabs) throws Exception {
        String campaign = campaign("receipt-winner");
        Page page = tabs.open(onsale.port());
        Visit.signIn(page, "receipt-loser");
        page.navigate("/campaigns/" + campaign);
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Why not me?"))
                .click();
        assertThat(Visit.heading(page)).hasText("Your receipt");
        assertThat(main(page)).containsText("You have no coupon of this campaign. The last of 1 coupons went at");
        assertThat(main(page)).containsText("Self-consistent.");
        assertThat(main(page)).containsText("Refused requests are not in the log.");
        assertThat(alert(page)).hasCount(0);

        Page winner = tabs.open(onsale.port());
        Visit.signIn(winner, "receipt-winner");
        winner.navigate("/receipts/" + campaign);
        assertThat(main(winner)).containsText("You have a coupon: you were number 1 of 1.");
        assertThat(main(winner)).containsText("You got a coupon, as number 1.");
    }

    @Test
    void the_reservation_and_the_sale_lead_to_the_journey_of_the_buyer(Tabs tabs) throws Exception {
        String performance = Sales.scheduled(onsale, Sales.performance());
        String reservation = onsale.person("receipt-journey").hasHeld(performance, "P-1-1");
        awaitSeals();
        Page page = tabs.open(onsale.port());
        Visit.signIn(page, "receipt-journey");
        page.navigate("/sales/" + performance);
        assertThat(page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Why not me?")))
                .hasAttribute("href", "/receipts/" + performance);
        page.navigate("/reservations/" + reservation);
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("See the receipt"))
                .click();
        assertThat(main(page)).containsText("You held the seats P-1-1.");
        assertThat(main(page)).containsText("Every category had free seats all the time");
    }

    @Test
    void a_changed_answer_and_a_changed_file_are_found_in_the_browser(Tabs tabs) throws Exception {
        String campaign = campaign("receipt-changed");
        Page page = tabs.open(onsale.port());
        Visit.signIn(page, "receipt-changed");
        page.route("**/api/receipts/*", route -> {
            String text = route.fetch().text();
            route.fulfill(new Route.FulfillOptions()
                    .setContentType("application/json")
                    .setBody(changed(text, RANK_1, RANK_9)));
        });
        page.navigate("/receipts/" + campaign);
        assertThat(alert(page)).containsText("This receipt was changed");
        assertThat(alert(page)).containsText("A signature is missing or invalid.");
        assertThat(alert(page)).containsText("is not what its seal covers");
        assertThat(main(page)).not().containsText("You have a coupon");

        String good = onsale.person("receipt-changed")
                .sees("/api/receipts/" + campaign)
                .require(200)
                .toString();
        openFile(page, good);
        assertThat(main(page)).containsText("you were number 1 of 1");
        assertThat(main(page)).containsText("Receipt of receipt-changed");
        openFile(page, changed(good, RANK_1, RANK_9));
        assertThat(alert(page)).containsText("This receipt was changed");
        openFile(page, "not a receipt");
        assertThat(alert(page)).containsText("It does not have the form of a receipt.");
        openFile(page, "{\"body\":\"null\"}");
        assertThat(alert(page)).containsText("It does not have the form of a receipt.");
        openFile(page, changed(good, "\"buyer\":", "\"buyer\":\"eve\",\"buyer\":"));
        assertThat(alert(page)).containsText("It does not have the form of a receipt.");
    }

    @Test
    void the_downloaded_file_is_the_receipt_that_was_checked(Tabs tabs) throws Exception {
        String campaign = campaign("receipt-download");
        Page page = tabs.open(onsale.port());
        Visit.signIn(page, "receipt-download");
        page.navigate("/receipts/" + campaign);
        assertThat(main(page)).containsText("Self-consistent.");
        Download download = page.waitForDownload(
                () -> Visit.button(page, "Download this receipt").click());
        String text = Files.readString(download.path());
        assertThat(JsonMapper.shared().readTree(text).path("body").asString())
                .contains("\"buyer\":\"receipt-download\"");
        openFile(page, text);
        assertThat(main(page)).containsText("Receipt of receipt-download");
        assertThat(alert(page)).hasCount(0);
    }

    @Test
    void a_key_and_a_seal_from_elsewhere_raise_the_level(Tabs tabs) throws Exception {
        String campaign = campaign("receipt-levels");
        // The server names its keys by their thumbprint.
        String key = JsonMapper.shared()
                .readTree(head().path("keys").path(0).asString())
                .path("kid")
                .asString();
        Page page = tabs.open(onsale.port());
        Visit.signIn(page, "receipt-levels");
        page.navigate("/receipts/" + campaign);
        assertThat(main(page)).containsText("The receipt itself names this key");
        assertThat(main(page)).containsText("Not proven: nobody has noted a seal yet.");
        page.getByLabel("Key that you got elsewhere").fill(key);
        assertThat(main(page)).containsText("The key that you trust, " + key);
        page.getByLabel("Key that you got elsewhere").fill("another");
        assertThat(main(page)).containsText("Another key signed it");
        String seal = page.locator("code.hash").textContent();
        page.getByLabel("Seal that somebody noted").fill(seal);
        assertThat(main(page)).containsText("The receipt contains the seal that you noted.");
        page.getByLabel("Seal that somebody noted").fill("1:" + "0".repeat(64));
        assertThat(main(page)).containsText("The seal that you noted is not in the receipt.");
    }

    @Test
    void the_browser_is_a_witness_and_tells_if_the_log_was_rewritten(Tabs tabs) throws Exception {
        String campaign = campaign("receipt-witness");
        Page page = tabs.open(onsale.port());
        Visit.signIn(page, "receipt-witness");
        page.navigate("/receipts/" + campaign);
        assertThat(main(page)).containsText("nobody has noted a seal yet");
        campaign("receipt-witness-other");
        page.reload();
        assertThat(main(page)).containsText("nothing before it was rewritten");
        assertThat(alert(page)).hasCount(0);

        Object noted = page.evaluate("() => localStorage.getItem('onsale.noted-seals')");
        openFile(
                page,
                onsale.person("receipt-witness")
                        .sees("/api/receipts/" + campaign)
                        .require(200)
                        .toString());
        assertThat(main(page)).containsText("a file is not compared");
        assertEquals(noted, page.evaluate("() => localStorage.getItem('onsale.noted-seals')"));

        page.route(
                "**/api/seals/consistency*",
                route -> route.fulfill(new Route.FulfillOptions().setStatus(404).setBody("{}")));
        campaign("receipt-witness-lost");
        page.reload();
        assertThat(alert(page)).containsText("THE LOG WAS REWRITTEN");
        page.unroute("**/api/seals/consistency*");

        ExportLine.Sealed real =
                EventJson.mapper().readValue(head().path("seal").toString(), ExportLine.Sealed.class);
        Seal it = real.values();
        Seal other = new Seal(
                it.number(),
                it.previous(),
                it.firstPosition(),
                it.lastPosition(),
                it.events(),
                it.records(),
                it.log(),
                it.sales(),
                it.tree(),
                "2026-01-01T00:00:00Z");
        Map<String, Object> note = Map.of(
                "seal",
                JsonMapper.shared()
                        .readTree(EventJson.mapper()
                                .writeValueAsString(ExportLine.Sealed.of(other, other.digest(), null, null))),
                "at",
                "2026-01-01T00:00:00Z");
        page.evaluate(
                "note => localStorage.setItem('onsale.noted-seals', note)",
                JsonMapper.shared().writeValueAsString(List.of(note)));
        campaign("receipt-witness-third");
        page.reload();
        assertThat(alert(page)).containsText("THE LOG WAS REWRITTEN");
    }
}
