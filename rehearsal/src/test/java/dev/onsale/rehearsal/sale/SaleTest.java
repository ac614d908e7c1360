package dev.onsale.rehearsal.sale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.rehearsal.running.Answer;
import dev.onsale.rehearsal.running.AuditLog.Event;
import dev.onsale.rehearsal.running.Onsale;
import dev.onsale.rehearsal.running.Person;
import dev.onsale.rehearsal.running.Sales;
import dev.onsale.rehearsal.running.SharedOnsale;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A sale from the first command to the last refund, checked through all interfaces. */
@SharedOnsale
class SaleTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Onsale onsale;
    private String performance = "";

    SaleTest(Onsale onsale) {
        this.onsale = onsale;
    }

    @BeforeEach
    void put_on_sale() throws Exception {
        performance = Sales.scheduled(onsale, Sales.performance());
    }

    /** After every test the log of the sale has no gaps, and Kafka has the same events. */
    @AfterEach
    void the_log_has_no_holes_and_kafka_tells_the_same() throws Exception {
        Map<String, Long> next = new HashMap<>();
        Set<String> ids = new HashSet<>();
        List<Event> events = onsale.log().all();
        long position = 0;
        for (Event event : events) {
            assertThat(event.position()).isGreaterThan(position);
            position = event.position();
            assertThat(ids.add(event.id()))
                    .as("event %s is stored once", event.id())
                    .isTrue();
            assertThat(event.sequence()).as("%s", event).isEqualTo(next.getOrDefault(event.aggregate(), 0L));
            next.put(event.aggregate(), event.sequence() + 1);
        }
        KafkaFacts.requireSame(onsale, onsale.log().ofSale(performance));
    }

    @Test
    void who_asks_for_the_position_of_an_order_reads_what_was_ordered() throws Exception {
        Person carol = onsale.person("carol");
        try (HttpClient http = HttpClient.newHttpClient()) {
            URI root = URI.create("http://127.0.0.1:" + onsale.port());
            for (int seat = 1; seat <= 3; seat++) {
                HttpResponse<String> held = http.send(
                        HttpRequest.newBuilder(root.resolve("/api/performances/" + performance + "/reservations"))
                                .timeout(LIMIT)
                                .header("Authorization", "Bearer " + carol.token())
                                .header("Idempotency-Key", "position-" + seat)
                                .header("Content-Type", "application/json")
                                .header("Onsale-Position", "wanted")
                                .POST(HttpRequest.BodyPublishers.ofString("{\"seats\":[\"P-1-" + seat + "\"]}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(held.statusCode()).as(held.body()).isEqualTo(201);
                String position = held.headers().firstValue("Onsale-Position").orElseThrow();
                assertThat(position).startsWith(performance + "/");
                assertThat(onsale.get("/api/performances/" + performance + "/seat-map")
                                .header("Onsale-Read-After", position)
                                .send()
                                .require(200)
                                .path("counts")
                                .path("held")
                                .asInt())
                        .isEqualTo(seat);
                assertThat(onsale.get(held.headers().firstValue("Location").orElseThrow())
                                .as(carol.token())
                                .header("Onsale-Read-After", position)
                                .send()
                                .require(200)
                                .path("status")
                                .asString())
                        .isEqualTo("HELD");
            }
        }
    }

    @Test
    void a_seat_is_held_paid_and_owned_and_every_view_says_so() throws Exception {
        Person alice = onsale.person("alice");

        Answer held = alice.holds(performance, "a-1", "P-1-1", "P-3-1");
        JsonNode answer = held.require(201);
        String reservation = answer.path("reservationId").asString();
        assertThat(held.location()).isEqualTo("/api/reservations/" + reservation);
        assertThat(answer.path("status").asString()).isEqualTo("HELD");
        assertThat(answer.path("total").path("minorUnits").asLong()).isEqualTo(8_900 + 4_900);
        assertThat(answer.path("seats").valueStream().map(seat -> seat.path("fencingToken")
                        .asLong()))
                .containsExactly(1L, 1L);

        JsonNode accepted = alice.pays(reservation, "pay-1", Person.GOOD_CARD).require(202);
        String payment = accepted.path("paymentId").asString();
        assertThat(accepted.path("amount").path("minorUnits").asLong()).isEqualTo(13_800);
        JsonNode owned = alice.awaits(reservation, "CONFIRMED", "CAPTURED");

        assertThat(owned.path("payment").path("paymentId").asString()).isEqualTo(payment);
        assertThat(onsale.bookedAtGateway(payment)).containsExactly("AUTHORIZED 13800", "CAPTURED 13800");
        assertThat(types())
                .containsSubsequence(
                        "onsale.performance-scheduled",
                        "onsale.reservation-held",
                        "onsale.payment-requested",
                        "onsale.payment-initiated",
                        "onsale.payment-authorized",
                        "onsale.reservation-confirmed",
                        "onsale.payment-captured");
        assertThat(types().stream().filter("onsale.seat-booked"::equals)).hasSize(2);
        awaitSeat("P-1-1", "BOOKED");
        awaitSeat("P-3-1", "BOOKED");
        JsonNode counts = onsale.get("/api/performances/" + performance)
                .send()
                .require(200)
                .path("seats");
        assertThat(List.of("total", "available", "held", "booked").stream()
                        .map(name -> counts.path(name).asInt()))
                .containsExactly(50, 48, 0, 2);
        assertThat(alice.sees("/api/me/reservations")
                        .require(200)
                        .path("items")
                        .valueStream()
                        .map(mine -> mine.path("reservationId").asString()))
                .contains(reservation);
        onsale.person("mallory").sees("/api/reservations/" + reservation).requireProblem(404, "RESERVATION_NOT_FOUND");
        assertThat(onsale.get("/api/reservations/" + reservation)
                        .as(onsale.operator())
                        .send()
                        .status())
                .isEqualTo(200);
        onsale.person("bob").holds(performance, "b-1", "P-1-1").requireProblem(409, "SEAT_TAKEN");
    }

    @Test
    void a_cancelled_booking_is_refunded_and_its_seat_sold_again() throws Exception {
        Person carol = onsale.person("carol");
        String reservation = carol.hasHeld(performance, "P-2-2");
        String payment = carol.pays(reservation, "pay-1", Person.GOOD_CARD)
                .require(202)
                .path("paymentId")
                .asString();
        carol.awaits(reservation, "CONFIRMED", "CAPTURED");

        assertThat(carol.cancels(reservation).require(200).path("refundOf").asString())
                .isEqualTo(payment);
        assertThat(carol.cancels(reservation).require(200).path("refundOf").asString())
                .as("a repeat gets the first response")
                .isEqualTo(payment);

        carol.awaits(reservation, "CANCELLED", "REFUNDED");
        assertThat(onsale.bookedAtGateway(payment))
                .containsExactly("AUTHORIZED 8900", "CAPTURED 8900", "REFUNDED 8900");
        awaitSeat("P-2-2", "AVAILABLE");
        onsale.person("dave").holdsOnceFree(performance, "d-1", "P-2-2");
    }

    @Test
    void a_declined_buyer_pays_again_with_another_card_while_the_hold_lasts() throws Exception {
        Person erin = onsale.person("erin");
        String reservation = erin.hasHeld(performance, "P-4-4");
        String declined = erin.pays(reservation, "pay-1", Person.BAD_CARD)
                .require(202)
                .path("paymentId")
                .asString();
        JsonNode stillHeld = erin.awaits(reservation, "HELD", "DECLINED");
        assertThat(stillHeld.path("payment").path("reason").asString()).isEqualTo("CARD_DECLINED");

        String accepted = erin.pays(reservation, "pay-2", Person.GOOD_CARD)
                .require(202)
                .path("paymentId")
                .asString();
        erin.awaits(reservation, "CONFIRMED", "CAPTURED");

        assertThat(onsale.bookedAtGateway(declined)).containsExactly("DECLINED 4900");
        assertThat(onsale.bookedAtGateway(accepted)).containsExactly("AUTHORIZED 4900", "CAPTURED 4900");
        erin.pays(reservation, "pay-3", Person.GOOD_CARD).requireProblem(409, "ALREADY_CONFIRMED");
    }

    @Test
    void a_hold_that_was_not_paid_ends_by_itself_and_frees_its_seat() throws Exception {
        Map<String, Object> hasty = Sales.performance();
        hasty.put("holdDuration", "PT2S");
        performance = Sales.scheduled(onsale, hasty);
        Person frank = onsale.person("frank");
        String lapsing = frank.hasHeld(performance, "P-5-5");

        frank.awaits(lapsing, "EXPIRED", "");

        awaitSeat("P-5-5", "AVAILABLE");
        frank.pays(lapsing, "late", Person.GOOD_CARD).requireProblem(409, "HOLD_EXPIRED");
        JsonNode again = onsale.person("grace").holdsOnceFree(performance, "g-1", "P-5-5");
        frank.pays(lapsing, "frozen", Person.GOOD_CARD).requireProblem(409, "STALE_FENCING_TOKEN");
        assertThat(again.path("seats").path(0).path("fencingToken").asLong())
                .as("a newer hold has a newer token")
                .isEqualTo(2);
        assertThat(types()).contains("onsale.seat-hold-expired", "onsale.allowance-returned");
    }

    @Test
    void a_cancelled_hold_frees_its_seat_and_costs_nothing() throws Exception {
        Person heidi = onsale.person("heidi");
        String reservation = heidi.hasHeld(performance, "P-1-9");

        assertThat(heidi.cancels(reservation).require(200).path("refundOf").isNull())
                .isTrue();

        onsale.person("ivan").holdsOnceFree(performance, "i-1", "P-1-9");
        assertThat(types()).contains("onsale.seat-released", "onsale.allowance-returned");
    }

    @Test
    void a_closed_sale_refuses_holds_until_it_is_opened_again() throws Exception {
        Person judy = onsale.person("judy");
        operate("/sale/close");
        judy.holds(performance, "j-1", "P-1-7").requireProblem(409, "SALE_CLOSED");
        operate("/sale/open");
        judy.holds(performance, "j-1", "P-1-7").require(201);
    }

    private void operate(String order) throws Exception {
        assertThat(onsale.post("/api/performances/" + performance + order)
                        .as(onsale.operator())
                        .key(order)
                        .send()
                        .status())
                .isEqualTo(204);
    }

    private List<String> types() throws Exception {
        return onsale.log().ofSale(performance).stream().map(Event::type).toList();
    }

    private void awaitSeat(String seat, String state) {
        await("seat " + seat + " " + state).atMost(LIMIT).untilAsserted(() -> assertThat(
                        onsale.get("/api/performances/" + performance + "/seat-map?labels=true")
                                .send()
                                .require(200)
                                .path("seats")
                                .path(seat)
                                .asString(""))
                .isEqualTo(state));
    }
}
