package dev.onsale.rehearsal.sale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.rehearsal.running.Answer;
import dev.onsale.rehearsal.running.Onsale;
import dev.onsale.rehearsal.running.Person;
import dev.onsale.rehearsal.running.Sales;
import dev.onsale.rehearsal.running.SharedOnsale;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Operators change the terms of sales that run: buyers, guard and read models follow. */
@SharedOnsale
class ChangedTermsTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Onsale onsale;

    ChangedTermsTest(Onsale onsale) {
        this.onsale = onsale;
    }

    private Answer operatorSends(String method, String path, Map<String, ?> body, String... ifMatch) throws Exception {
        var request = onsale.request(method, path)
                .as(onsale.operator())
                .key(UUID.randomUUID().toString())
                .json(body);
        return (ifMatch.length == 0 ? request : request.header("If-Match", ifMatch[0])).send();
    }

    private static long price(JsonNode held) {
        return held.path("total").path("minorUnits").asLong();
    }

    @Test
    void a_new_price_is_for_new_holds_and_a_hold_keeps_the_old_one() throws Exception {
        String performance = Sales.scheduled(onsale, Sales.performance());
        Person ann = onsale.person("ann-" + performance);
        JsonNode before = ann.holds(performance, "before", "P-1-1").require(201);
        operatorSends(
                        "PATCH",
                        "/api/performances/" + performance,
                        Map.of("prices", Map.of("Front", Sales.euro(9_900)), "reason", "demand"))
                .require(200);
        JsonNode after = ann.holds(performance, "after", "P-1-2").require(201);
        assertThat(price(before)).isEqualTo(8_900);
        assertThat(price(after)).isEqualTo(9_900);
        String reservation = before.path("reservationId").asString();
        assertThat(ann.pays(reservation, "pay", Person.GOOD_CARD)
                        .require(202)
                        .path("amount")
                        .path("minorUnits")
                        .asLong())
                .isEqualTo(8_900);
        await("the read model").atMost(LIMIT).untilAsserted(() -> assertThat(
                        onsale.get("/api/performances/" + performance)
                                .send()
                                .require(200)
                                .path("prices")
                                .path("Front")
                                .path("minorUnits")
                                .asLong())
                .isEqualTo(9_900));
    }

    @Test
    void the_second_of_two_operators_learns_what_changed_and_nothing_is_written() throws Exception {
        String path = "/api/performances/" + Sales.scheduled(onsale, Sales.performance());
        operatorSends("PATCH", path, Map.of("maxSeatsPerBuyer", 2), "\"0\"").require(200);
        Answer second = operatorSends("PATCH", path, Map.of("maxSeatsPerBuyer", 3), "\"0\"");
        second.requireProblem(412, "STALE_REVISION");
        operatorSends("PATCH", path, Map.of("maxSeatsPerBuyer", 3, "revision", 0))
                .requireProblem(409, "CHANGED_MEANWHILE");
        operatorSends("PATCH", path, Map.of("maxSeatsPerBuyer", 3, "title", " "))
                .requireProblem(400, "INVALID_REQUEST");
        assertThat(operatorSends("PATCH", path, Map.of("title", "Another evening", "revision", 1))
                        .require(200)
                        .path("maxSeatsPerBuyer")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void a_blocked_seat_is_held_by_nobody_until_it_is_released() throws Exception {
        String performance = Sales.scheduled(onsale, Sales.performance());
        String seats = "/api/performances/" + performance + "/seats/";
        Person ben = onsale.person("ben-" + performance);
        ben.hasHeld(performance, "P-2-1");
        operatorSends("POST", seats + "block", Map.of("seats", List.of("P-2-1", "P-2-2"), "reason", "a camera"))
                .requireProblem(409, "SEATS_NOT_FREE");
        operatorSends("POST", seats + "block", Map.of("seats", List.of("P-2-2"), "reason", "a camera"))
                .require(200);
        ben.holds(performance, "blocked", "P-2-2").requireProblem(409, "SEAT_BLOCKED");
        await("the seat map").atMost(LIMIT).untilAsserted(() -> assertThat(
                        onsale.get("/api/performances/" + performance + "/seat-map")
                                .send()
                                .require(200)
                                .path("counts")
                                .path("blocked")
                                .asInt())
                .isEqualTo(1));
        operatorSends("POST", seats + "release", Map.of("seats", List.of("P-2-2"), "reason", "moved"))
                .require(200);
        await("the seat on sale again")
                .atMost(LIMIT)
                .until(() -> ben.holds(performance, "again", "P-2-2").status() == 201);
    }

    @Test
    void a_campaign_that_was_sold_out_is_on_sale_again_with_more_coupons() throws Exception {
        String campaign = Sales.launched(onsale, Sales.campaign(1));
        onsale.person("cid-" + campaign).asksForCoupon(campaign, "one").require(201);
        Person dan = onsale.person("dan-" + campaign);
        dan.asksForCoupon(campaign, "two").requireProblem(409, "SOLD_OUT");
        operatorSends("PATCH", "/api/campaigns/" + campaign, Map.of("quantity", 0))
                .requireProblem(400, "INVALID_REQUEST");
        operatorSends("PATCH", "/api/campaigns/" + campaign, Map.of("quantity", 2, "reason", "more"))
                .require(200);
        await("on sale again")
                .atMost(LIMIT)
                .until(() -> dan.asksForCoupon(campaign, "three").status() == 201);
        operatorSends("PATCH", "/api/campaigns/" + campaign, Map.of("quantity", 1))
                .requireProblem(409, "QUANTITY_BELOW_ISSUED");
    }
}
