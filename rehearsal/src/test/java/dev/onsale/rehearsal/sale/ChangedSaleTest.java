package dev.onsale.rehearsal.sale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.rehearsal.running.Answer;
import dev.onsale.rehearsal.running.Onsale;
import dev.onsale.rehearsal.running.Person;
import dev.onsale.rehearsal.running.Sales;
import dev.onsale.rehearsal.running.SharedOnsale;
import dev.onsale.testsupport.Races;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Sales that change after they were sold: seats are given back one by one, operators cancel, a show is called off. */
@SharedOnsale
class ChangedSaleTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Onsale onsale;
    private String performance = "";

    ChangedSaleTest(Onsale onsale) {
        this.onsale = onsale;
    }

    @BeforeEach
    void put_on_sale() throws Exception {
        performance = Sales.scheduled(onsale, Sales.performance());
    }

    private record Booking(Person buyer, String reservation, String payment) {}

    private Booking booked(String name, String... seats) throws Exception {
        Person buyer = onsale.person(name + "-" + performance);
        String reservation = buyer.hasHeld(performance, seats);
        String payment = buyer.pays(reservation, "pay", Person.GOOD_CARD)
                .require(202)
                .path("paymentId")
                .asString();
        buyer.awaits(reservation, "CONFIRMED", "CAPTURED");
        return new Booking(buyer, reservation, payment);
    }

    private Answer cancels(String token, String reservation, Map<String, ?> body) throws Exception {
        return onsale.delete("/api/reservations/" + reservation)
                .as(token)
                .json(body)
                .send();
    }

    private void awaitsAtGateway(String payment, String... entries) {
        await("the ledger of payment " + payment)
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(onsale.bookedAtGateway(payment)).containsExactlyInAnyOrder(entries));
    }

    @Test
    void one_seat_goes_back_with_its_price_and_the_last_ones_with_the_rest() throws Exception {
        Booking booking = booked("ann", "P-1-1", "P-1-2", "P-3-1");
        String token = booking.buyer().token();
        JsonNode part = cancels(token, booking.reservation(), Map.of("seats", List.of("P-3-1")))
                .require(200);
        assertThat(part.path("status").asString()).isEqualTo("PARTLY_CANCELLED");
        assertThat(part.path("refund").path("minorUnits").asLong()).isEqualTo(4_900);
        assertThat(part.path("total").path("minorUnits").asLong()).isEqualTo(17_800);
        assertThat(cancels(token, booking.reservation(), Map.of("seats", List.of("P-3-1")))
                        .require(200))
                .isEqualTo(part);
        awaitsAtGateway(booking.payment(), "AUTHORIZED 22700", "CAPTURED 22700", "REFUNDED 4900");
        await("the read model").atMost(LIMIT).untilAsserted(() -> {
            JsonNode seen = booking.buyer()
                    .sees("/api/reservations/" + booking.reservation())
                    .require(200);
            assertThat(seen.path("seats").size()).isEqualTo(2);
            assertThat(seen.path("total").path("minorUnits").asLong()).isEqualTo(17_800);
            assertThat(seen.path("payment").path("refunded").path("minorUnits").asLong())
                    .isEqualTo(4_900);
        });
        onsale.person("ben-" + performance).holdsOnceFree(performance, "again", "P-3-1");
        assertThat(booking.buyer()
                        .cancels(booking.reservation())
                        .require(200)
                        .path("refund")
                        .path("minorUnits")
                        .asLong())
                .isEqualTo(17_800);
        awaitsAtGateway(booking.payment(), "AUTHORIZED 22700", "CAPTURED 22700", "REFUNDED 4900", "REFUNDED 17800");
        booking.buyer().awaits(booking.reservation(), "CANCELLED", "REFUNDED");
    }

    @Test
    void parallel_cancellations_of_a_seat_give_it_back_once() throws Exception {
        Booking booking = booked("cid", "P-1-1", "P-1-2", "P-1-3", "P-1-4");
        List<List<String>> wishes = List.of(
                List.of("P-1-1"), List.of("P-1-1"), List.of("P-1-1", "P-1-2"), List.of("P-1-2"), List.of("P-1-1"));
        List<Integer> statuses = Races.returned(Races.together(
                wishes.size(),
                index -> () -> cancels(
                                booking.buyer().token(), booking.reservation(), Map.of("seats", wishes.get(index)))
                        .status()));
        assertThat(statuses).hasSameSizeAs(wishes);
        assertThat(statuses).allMatch(status -> status == 200 || status == 409).contains(200);
        booking.buyer().cancels(booking.reservation()).require(200);
        booking.buyer().awaits(booking.reservation(), "CANCELLED", "REFUNDED");
        await("every refund").atMost(LIMIT).untilAsserted(() -> assertThat(
                        onsale.bookedAtGateway(booking.payment()).stream()
                                .filter(entry -> entry.startsWith("REFUNDED"))
                                .mapToLong(entry -> Long.parseLong(entry.substring("REFUNDED ".length())))
                                .sum())
                .isEqualTo(35_600));
    }

    @Test
    void an_operator_cancels_for_a_buyer_with_a_reason_only() throws Exception {
        Booking booking = booked("dan", "P-2-1", "P-2-2");
        String operator = onsale.operator();
        assertThat(onsale.delete("/api/reservations/" + booking.reservation())
                        .as(operator)
                        .send()
                        .status())
                .isEqualTo(400);
        assertThat(cancels(booking.buyer().token(), booking.reservation(), Map.of("reason", "mine"))
                        .status())
                .isEqualTo(403);
        cancels(operator, booking.reservation(), Map.of("reason", "The buyer called"))
                .require(200);
        booking.buyer().awaits(booking.reservation(), "CANCELLED", "REFUNDED");
        awaitsAtGateway(booking.payment(), "AUTHORIZED 17800", "CAPTURED 17800", "REFUNDED 17800");
    }

    @Test
    void a_show_is_called_off_and_everybody_gets_the_money_back_once() throws Exception {
        List<Booking> bookings = new ArrayList<>();
        for (int seat = 1; seat <= 5; seat++) {
            bookings.add(booked("eve" + seat, "P-4-" + seat, "P-5-" + seat));
        }
        Booking inParts = Objects.requireNonNull(bookings.getFirst());
        cancels(inParts.buyer().token(), inParts.reservation(), Map.of("seats", List.of("P-4-1")))
                .require(200);
        Person holder = onsale.person("fay-" + performance);
        String held = holder.hasHeld(performance, "P-1-1");
        String operator = onsale.operator();
        String path = "/api/performances/" + performance;
        assertThat(onsale.delete(path)
                        .as(holder.token())
                        .json(Map.of("reason", "no"))
                        .send()
                        .status())
                .isEqualTo(403);
        assertThat(onsale.delete(path).as(operator).send().status()).isEqualTo(400);
        JsonNode off = onsale.delete(path)
                .as(operator)
                .json(Map.of("reason", "The singer is ill"))
                .send()
                .require(200);
        assertThat(onsale.delete(path)
                        .as(operator)
                        .json(Map.of("reason", "Again"))
                        .send()
                        .require(200))
                .isEqualTo(off);
        assertThat(holder.holds(performance, "late", "P-1-2").code()).isEqualTo("PERFORMANCE_CALLED_OFF");
        await("the call-off").atMost(LIMIT).untilAsserted(() -> {
            Answer progress = onsale.get("/api/admin/performances/" + performance + "/call-off")
                    .as(operator)
                    .send();
            assertThat(progress.status()).as(progress.body()).isEqualTo(200);
            assertThat(progress.json().path("state").asString())
                    .as(progress.body())
                    .isEqualTo("DONE");
            assertThat(progress.json().path("reservations").path("REVOKED").asInt())
                    .isEqualTo(5);
            assertThat(progress.json().path("reservations").path("RELEASED").asInt())
                    .isEqualTo(1);
            assertThat(progress.json().path("refunds").path("REFUNDED").asInt()).isEqualTo(5);
        });
        awaitsAtGateway(inParts.payment(), "AUTHORIZED 9800", "CAPTURED 9800", "REFUNDED 4900", "REFUNDED 4900");
        for (Booking booking : bookings.subList(1, bookings.size())) {
            awaitsAtGateway(booking.payment(), "AUTHORIZED 9800", "CAPTURED 9800", "REFUNDED 9800");
            booking.buyer().awaits(booking.reservation(), "CANCELLED", "REFUNDED");
        }
        holder.awaits(held, "CANCELLED", "");
        assertThat(onsale.get(path).send().require(200).path("sale").asString()).isEqualTo("CALLED_OFF");
    }
}
