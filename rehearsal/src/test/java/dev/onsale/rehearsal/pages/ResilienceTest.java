package dev.onsale.rehearsal.pages;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import dev.onsale.rehearsal.running.AuditLog.Event;
import dev.onsale.rehearsal.running.Onsale;
import dev.onsale.rehearsal.running.Person;
import dev.onsale.rehearsal.running.Sales;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The pages while requests get lost. */
@BrowserPages
class ResilienceTest {

    private static final String STREAM = "**/seat-map/stream";
    private static final String PAYMENTS = "**/payments";

    private final Onsale onsale;

    ResilienceTest(Onsale onsale) {
        this.onsale = onsale;
    }

    @Test
    void the_map_polls_while_the_stream_is_refused(Tabs tabs) throws Exception {
        String performance = Sales.scheduled(onsale, Sales.performance());
        Page page = tabs.open(onsale.port());
        page.route(STREAM, route -> route.fulfill(new Route.FulfillOptions().setStatus(503)));
        Visit.openHall(page, performance);
        assertThat(page.getByRole(AriaRole.MAIN)).containsText("Connecting");
        Visit.clickSeat(page, "P-4-4");
        onsale.person("while-polling").hasHeld(performance, "P-4-4");
        assertThat(Visit.region(page, "Your choice")).containsText("row 4, seat 4 was just taken");
    }

    @Test
    void the_map_follows_again_after_the_stream_broke(Tabs tabs) throws Exception {
        String performance = Sales.scheduled(onsale, Sales.performance());
        Page page = tabs.open(onsale.port());
        tabs.expectOutage();
        AtomicInteger attempts = new AtomicInteger();
        page.route(STREAM, route -> {
            if (attempts.incrementAndGet() <= 2) {
                route.abort();
            } else {
                route.resume();
            }
        });
        Visit.openHall(page, performance);
        assertThat(page.getByRole(AriaRole.MAIN)).containsText("Live");
        assertThat(attempts).hasValueGreaterThan(2);
    }

    @Test
    void a_payment_whose_answer_was_lost_goes_on_after_a_refresh_and_is_made_once(Tabs tabs) throws Exception {
        String performance = Sales.scheduled(onsale, Sales.performance());
        Person buyer = onsale.person("answer-lost");
        String reservation = buyer.hasHeld(performance, "P-3-3");
        Page page = tabs.open(onsale.port());
        tabs.expectOutage();
        Visit.signIn(page, "answer-lost");
        page.navigate("/reservations/" + reservation);
        AtomicInteger sent = new AtomicInteger();
        page.route(PAYMENTS, route -> {
            // The server has it, and the browser never hears of it.
            forward(route.request(), buyer);
            sent.incrementAndGet();
            route.abort();
        });
        Visit.button(page, "Pay €49.00").click();
        page.waitForCondition(() -> sent.get() > 0);
        page.unroute(PAYMENTS);
        page.reload();
        assertThat(Visit.heading(page)).hasText("Your tickets are booked");
        buyer.awaits(reservation, "CONFIRMED", "CAPTURED");
        assertThat(onsale.log().ofSale(performance).stream().map(Event::type))
                .containsOnlyOnce("onsale.payment-requested");
    }

    @Test
    void of_two_browsers_one_gets_the_seat_and_the_other_is_told(Tabs tabs) throws Exception {
        String performance = Sales.scheduled(onsale, Sales.performance());
        Page first = tabs.open(onsale.port());
        Page second = tabs.open(onsale.port());
        Visit.signIn(first, "browser-one");
        Visit.signIn(second, "browser-two");
        for (Page page : new Page[] {first, second}) {
            Visit.openHall(page, performance);
            Visit.clickSeat(page, "P-1-1");
        }
        Visit.button(first, "Hold these seats").click();
        Visit.reservation(first);
        assertThat(Visit.region(second, "Your choice")).containsText("row 1, seat 1 was just taken");
    }

    /** The same request, sent by the test. */
    private void forward(com.microsoft.playwright.Request request, Person buyer) {
        try {
            onsale.post(URI.create(request.url()).getPath())
                    .as(buyer.token())
                    .key(request.headers().getOrDefault("idempotency-key", ""))
                    .body("application/json", request.postData())
                    .send()
                    .require(202);
        } catch (Exception e) {
            throw new IllegalStateException("The server has refused " + request.url(), e);
        }
    }
}
