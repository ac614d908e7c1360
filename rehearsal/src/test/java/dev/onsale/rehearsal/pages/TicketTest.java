package dev.onsale.rehearsal.pages;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import dev.onsale.rehearsal.running.Answer;
import dev.onsale.rehearsal.running.AuditLog.Event;
import dev.onsale.rehearsal.running.Onsale;
import dev.onsale.rehearsal.running.Person;
import dev.onsale.rehearsal.running.Sales;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A ticket from the booking to the entrance. */
@BrowserPages
class TicketTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Onsale onsale;

    TicketTest(Onsale onsale) {
        this.onsale = onsale;
    }

    @Test
    void a_ticket_is_shown_as_a_qr_code_and_says_when_it_was_used(Tabs tabs) throws Exception {
        Person buyer = onsale.person("goes-to-the-concert");
        String performance = Sales.scheduled(onsale, Sales.performance());
        String reservation = booked(buyer, performance, "P-1-1", "P-1-2");
        Page page = tabs.open(onsale.port());
        Visit.signIn(page, "goes-to-the-concert");
        page.navigate("/tickets");
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Show the tickets"))
                .click();
        Locator codes = page.getByRole(AriaRole.IMG);
        assertThat(codes).hasCount(2);
        assertThat(page.getByRole(AriaRole.MAIN)).containsText("Parquet");
        // A picture that the browser could draw.
        page.waitForFunction("() => [...document.images].every((image) => image.complete && image.naturalWidth > 0)");

        checksIn(code(buyer, reservation, 0)).require(200);
        await("the use of the ticket on the page").atMost(LIMIT).untilAsserted(() -> {
            page.reload();
            page.waitForSelector(".pass");
            assertThat(page.locator(".pass").first().textContent()).contains("Used at");
        });
        assertThat(page.locator(".pass").last().textContent()).doesNotContain("Used at");
    }

    @Test
    void a_ticket_is_used_once_and_the_log_the_list_and_the_second_answer_say_when() throws Exception {
        Person buyer = onsale.person("is-scanned-twice");
        String performance = Sales.scheduled(onsale, Sales.performance());
        String reservation = booked(buyer, performance, "P-2-1");
        String at = checksIn(code(buyer, reservation, 0))
                .require(200)
                .path("checkedInAt")
                .asString();

        // Another code of the same ticket: it is signed anew at each request.
        Answer again = checksIn(code(buyer, reservation, 0));
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.code()).isEqualTo("TICKET_USED");
        JsonNode fault = again.json().path("errors").path(0);
        assertThat(fault.path("place").asString()).isEqualTo("P-2-1");
        assertThat(fault.path("problem").asString()).isEqualTo(at);
        assertThat(buyer.cancels(reservation).code()).isEqualTo("TICKET_USED");
        assertThat(onsale.log().ofSale(performance).stream().map(Event::type))
                .containsOnlyOnce("onsale.ticket-checked-in");
        await("the list of the entrance").atMost(LIMIT).untilAsserted(() -> {
            JsonNode list = onsale.get("/api/admin/performances/" + performance + "/checkins")
                    .as(onsale.operator())
                    .send()
                    .require(200);
            assertThat(list.path("checkedIn").asInt()).isEqualTo(1);
            assertThat(list.path("items").path(0).path("seat").asString()).isEqualTo("P-2-1");
            assertThat(list.path("items").path(0).path("checkedInAt").asString())
                    .isEqualTo(at);
        });
    }

    @Test
    void a_code_is_checked_without_a_connection_and_a_forged_one_is_refused() throws Exception {
        Person buyer = onsale.person("has-a-signed-code");
        String reservation = booked(buyer, Sales.scheduled(onsale, Sales.performance()), "P-3-1");
        JWSObject code = JWSObject.parse(code(buyer, reservation, 0));
        JWKSet keys = JWKSet.parse(onsale.get("/.well-known/ticket-keys").send().body());
        assertThat(keys.containsNonPublicKeys()).isFalse();
        assertThat(code.verify(new ECDSAVerifier(
                        keys.getKeyByKeyId(code.getHeader().getKeyID()).toECKey())))
                .isTrue();
        assertThat(code.getPayload().toJSONObject()).containsEntry("reservation", reservation);

        String[] parts = code.serialize().split("\\.", -1);
        String other = JWSObject.parse(
                        code(buyer, booked(buyer, Sales.scheduled(onsale, Sales.performance()), "P-4-1"), 0))
                .serialize()
                .split("\\.", -1)[1];
        for (String forged : new String[] {
            parts[0] + "." + other + "." + parts[2], parts[0] + "." + parts[1] + ".", "no-code", buyer.token()
        }) {
            Answer refused = checksIn(forged);
            assertThat(refused.status()).as(forged).isEqualTo(400);
            assertThat(refused.code()).as(forged).isEqualTo("TICKET_INVALID");
        }
        assertThat(onsale.post("/api/admin/tickets/" + code.serialize() + "/checkin")
                        .as(buyer.token())
                        .send()
                        .status())
                .as("a buyer at the entrance")
                .isEqualTo(403);
    }

    @Test
    void a_cancelled_booking_has_no_tickets_and_the_ones_it_had_are_void() throws Exception {
        Person buyer = onsale.person("stays-at-home");
        String reservation = booked(buyer, Sales.scheduled(onsale, Sales.performance()), "P-5-1");
        String code = code(buyer, reservation, 0);
        buyer.cancels(reservation).require(200);
        assertThat(checksIn(code).code()).isEqualTo("TICKET_VOID");
        assertThat(tickets(buyer, reservation).size()).isZero();
        assertThat(buyer.sees("/api/reservations/" + reservation + "/tickets/qr-code?seat=P-5-1")
                        .code())
                .isEqualTo("TICKET_NOT_FOUND");
        assertThat(onsale.person("somebody-else")
                        .sees("/api/reservations/" + reservation + "/tickets")
                        .code())
                .isEqualTo("RESERVATION_NOT_FOUND");
    }

    private String booked(Person buyer, String performance, String... seats) throws Exception {
        String reservation = buyer.hasHeld(performance, seats);
        buyer.pays(reservation, "pay-" + reservation, Person.GOOD_CARD).require(202);
        buyer.awaits(reservation, "CONFIRMED", "CAPTURED");
        return reservation;
    }

    private static JsonNode tickets(Person buyer, String reservation) throws Exception {
        return buyer.sees("/api/reservations/" + reservation + "/tickets")
                .require(200)
                .path("items");
    }

    private static String code(Person buyer, String reservation, int number) throws Exception {
        return tickets(buyer, reservation).path(number).path("code").asString();
    }

    private Answer checksIn(String code) throws Exception {
        return onsale.post("/api/admin/tickets/" + code + "/checkin")
                .as(onsale.operator())
                .send();
    }
}
