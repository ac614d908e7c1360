package dev.onsale.rehearsal.sale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.rehearsal.running.AuditLog.Event;
import dev.onsale.rehearsal.running.Onsale;
import dev.onsale.rehearsal.running.Person;
import dev.onsale.rehearsal.running.Sales;
import dev.onsale.rehearsal.running.SharedOnsale;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

@SharedOnsale
class CouponTest {

    private final Onsale onsale;

    CouponTest(Onsale onsale) {
        this.onsale = onsale;
    }

    private static final int PAGES_MAX = 100;

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

    @Test
    void campaigns_are_listed_the_last_to_open_first_in_pages() throws Exception {
        String third = launchedWith("2098-01-01T00:00:00Z");
        String first = launchedWith("2098-01-03T00:00:00Z");
        String second = launchedWith("2098-01-02T00:00:00Z");

        JsonNode page = onsale.get("/api/campaigns?limit=1").send().require(200);
        List<String> listed = new ArrayList<>(ids(page));
        Instant last = opensAt(page);
        // Other tests have campaigns, too; these three open late, so they are among the first.
        while (!listed.contains(third)) {
            assertThat(listed).hasSizeLessThan(PAGES_MAX);
            page = onsale.get(
                            "/api/campaigns?limit=1&after=" + page.path("next").asString())
                    .send()
                    .require(200);
            assertThat(opensAt(page)).isBeforeOrEqualTo(last);
            last = opensAt(page);
            listed.addAll(ids(page));
            if (ids(page).contains(second)) {
                assertThat(page.path("items").path(0).path("status").asString()).isEqualTo("NOT_OPEN");
                assertThat(page.path("next").asString()).isEqualTo(second);
            }
        }
        assertThat(listed).doesNotHaveDuplicates().containsSubsequence(first, second, third);
        assertThat(ids(onsale.get("/api/campaigns?limit=" + listed.size())
                        .send()
                        .require(200)))
                .containsExactlyElementsOf(listed);
        onsale.get("/api/campaigns?limit=0").send().requireProblem(400, "INVALID_REQUEST");
        onsale.get("/api/campaigns?after=nothing").send().requireProblem(400, "INVALID_REQUEST");
    }

    private static Instant opensAt(JsonNode page) {
        return Instant.parse(page.path("items").path(0).path("opensAt").asString());
    }

    private String launchedWith(String opensAt) throws Exception {
        Map<String, Object> campaign = Sales.campaign(1);
        campaign.put("opensAt", opensAt);
        return Sales.launched(onsale, campaign);
    }

    private static List<String> ids(JsonNode page) {
        return page.path("items")
                .valueStream()
                .map(item -> item.path("campaignId").asString())
                .toList();
    }
}
