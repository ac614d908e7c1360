package dev.onsale.rehearsal.sale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.rehearsal.running.AuditLog.Event;
import dev.onsale.rehearsal.running.Onsale;
import dev.onsale.rehearsal.running.Person;
import dev.onsale.rehearsal.running.Sales;
import dev.onsale.rehearsal.running.SharedOnsale;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

@SharedOnsale
class CouponTest {

    private final Onsale onsale;

    CouponTest(Onsale onsale) {
        this.onsale = onsale;
    }

    @Test
    void a_coupon_is_issued_once_to_a_person_until_none_is_left() throws Exception {
        String campaign = Sales.launched(onsale, Sales.campaign(2));
        Person first = onsale.person("coupon-first");
        Person second = onsale.person("coupon-second");

        JsonNode issued = first.asksForCoupon(campaign, "c-1").require(201);
        assertThat(issued.path("rank").asInt()).isEqualTo(1);
        assertThat(first.asksForCoupon(campaign, "c-1").require(201))
                .as("a repeat gets the first response")
                .isEqualTo(issued);
        first.asksForCoupon(campaign, "c-2").requireProblem(409, "ALREADY_ISSUED");
        assertThat(second.asksForCoupon(campaign, "c-1")
                        .require(201)
                        .path("rank")
                        .asInt())
                .isEqualTo(2);
        onsale.person("coupon-third").asksForCoupon(campaign, "c-1").requireProblem(409, "SOLD_OUT");

        await("the campaign's counters").atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            JsonNode view = onsale.get("/api/campaigns/" + campaign).send().require(200);
            assertThat(view.path("issued").asInt()).isEqualTo(2);
            assertThat(view.path("remaining").asInt()).isZero();
            assertThat(view.path("status").asString()).isEqualTo("SOLD_OUT");
        });
        await("the buyer's coupon").atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(
                        first.sees("/api/me/coupons").require(200).path("items").valueStream())
                .anySatisfy(mine -> {
                    assertThat(mine.path("couponId")).isEqualTo(issued.path("couponId"));
                    assertThat(mine.path("rank").asInt()).isEqualTo(1);
                }));
        assertThat(onsale.log().ofSale(campaign).stream().map(Event::type))
                .containsExactly(
                        "onsale.campaign-launched",
                        "onsale.coupon-issued",
                        "onsale.coupon-issued",
                        "onsale.campaign-exhausted");
        KafkaFacts.requireSame(onsale, onsale.log().ofSale(campaign));
    }
}
