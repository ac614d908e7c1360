package dev.onsale.command.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.command.CommandSideHost;
import dev.onsale.command.guard.rebuild.GuardFollower;
import dev.onsale.command.guard.rebuild.GuardPreparation;
import dev.onsale.command.guard.state.GuardKeys;
import dev.onsale.command.http.Ask;
import dev.onsale.command.http.Ask.Answer;
import dev.onsale.testsupport.TestDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.EventProcessingConfiguration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.core.StringRedisTemplate;

/** The first request of a new sale finds its guard, whoever is slow and whichever guard is chosen. */
@Tag("services")
class FirstBuyerTest {

    private static final int SALES = 20;
    private static final String SEAT = "{\"seats\":[\"A-1\"]}";

    @ParameterizedTest
    @ValueSource(strings = {"lua", "redisson-lock", "optimistic"})
    void the_first_request_after_a_launch_works(String strategy) throws Exception {
        try (ConfigurableApplicationContext host =
                CommandSideHost.start(TestDatabase.fresh(), "--onsale.command.guard.strategy=" + strategy)) {
            Ask ask = new Ask(HttpClient.newHttpClient(), host);
            stopFollower(host);
            for (int sale = 0; sale < SALES; sale++) {
                String campaign = launched(ask, UUID.randomUUID().toString());
                Answer coupon = ask.post("buyer-" + sale, key(), "/api/campaigns/" + campaign + "/coupons", null);
                assertThat(coupon.said().status())
                        .as("coupon, %s", coupon.said())
                        .isEqualTo(201);
                String performance = scheduled(ask);
                Answer held =
                        ask.post("buyer-" + sale, key(), "/api/performances/" + performance + "/reservations", SEAT);
                assertThat(held.said().status()).as("hold, %s", held.said()).isEqualTo(201);
            }
            assertThat(claims(host, "coupon", "away")).isZero();
            assertThat(claims(host, "seat", "away")).isZero();
        }
    }

    @Test
    void a_request_right_after_the_launch_does_not_share_a_read_from_before_it() throws Exception {
        try (ConfigurableApplicationContext host = CommandSideHost.start(TestDatabase.fresh())) {
            Ask ask = new Ask(HttpClient.newHttpClient(), host);
            for (int sale = 0; sale < SALES; sale++) {
                String key = UUID.randomUUID().toString();
                String campaign = launched(ask, key);
                Answer unknown = ask.post("early", key(), "/api/campaigns/" + CampaignId.next() + "/coupons", null);
                assertThat(unknown.said().code()).isEqualTo("CAMPAIGN_NOT_FOUND");
                assertThat(ask.post("buyer", key(), "/api/campaigns/" + campaign + "/coupons", null)
                                .said()
                                .status())
                        .isEqualTo(201);
            }
        }
    }

    /** The process ended between the fact and its guard: nobody was answered, and the follower is not there yet. */
    @Test
    void the_first_coupon_of_a_campaign_without_a_guard_works() throws Exception {
        try (ConfigurableApplicationContext host = CommandSideHost.start(TestDatabase.fresh())) {
            Ask ask = new Ask(HttpClient.newHttpClient(), host);
            stopFollower(host);
            CampaignId campaign = CampaignId.next();
            host.getBean(CommandGateway.class)
                    .sendAndWait(
                            TestSale.launch(
                                    campaign, 5, host.getBean(Clock.class).instant()),
                            10,
                            TimeUnit.SECONDS);
            Answer coupon = ask.post("buyer", key(), "/api/campaigns/" + campaign + "/coupons", null);
            assertThat(coupon.said().status()).as("%s", coupon.said()).isEqualTo(201);
        }
    }

    /** Only the store knows what was issued: a repeated launch must not declare an empty guard complete. */
    @Test
    void a_repeated_launch_after_redis_was_flushed_brings_back_what_was_issued() throws Exception {
        try (ConfigurableApplicationContext host = CommandSideHost.start(TestDatabase.fresh())) {
            Ask ask = new Ask(HttpClient.newHttpClient(), host);
            String key = UUID.randomUUID().toString();
            CampaignId campaign = CampaignId.of(launched(ask, key));
            CommandGateway commands = host.getBean(CommandGateway.class);
            for (int buyer = 0; buyer < 5; buyer++) {
                commands.sendAndWait(TestSale.issue(campaign, BuyerId.of("owner-" + buyer)), 10, TimeUnit.SECONDS);
            }
            stopFollower(host);
            StringRedisTemplate redis = host.getBean(StringRedisTemplate.class);
            redis.delete(redis.keys("onsale:{" + campaign + "}:*"));
            get(host.getBean(GuardPreparation.class).ofCampaign(campaign));
            assertThat(redis.opsForZSet().zCard(GuardKeys.coupons(campaign.toString())))
                    .isEqualTo(5);
            assertThat(redis.hasKey(GuardKeys.epoch(campaign.toString()))).isTrue();
        }
    }

    private static void get(java.util.concurrent.CompletionStage<?> stage) throws Exception {
        stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static void stopFollower(ConfigurableApplicationContext host) {
        var processor = host.getBean(EventProcessingConfiguration.class)
                .eventProcessor(GuardFollower.GROUP)
                .orElseThrow();
        processor.shutDown();
        await("the follower's end").atMost(Duration.ofSeconds(60)).until(() -> !processor.isRunning());
    }

    private static String launched(Ask ask, String key) throws Exception {
        Instant now = Instant.now();
        Answer answer = ask.post(
                "operator",
                key,
                "/api/campaigns",
                "{\"name\":\"x\",\"quantity\":5,\"opensAt\":\"" + now.minusSeconds(60) + "\",\"closesAt\":\""
                        + now.plusSeconds(3_600) + "\",\"discount\":{\"percentOff\":5}}");
        assertThat(answer.said().status()).as("%s", answer.said()).isEqualTo(201);
        return answer.said().field("campaignId");
    }

    private static String scheduled(Ask ask) throws Exception {
        Instant now = Instant.now();
        Answer answer = ask.post("operator", key(), "/api/performances", """
                {"title":"x","startsAt":"%s","saleOpensAt":"%s","saleClosesAt":"%s","maxSeatsPerBuyer":4,
                 "holdDuration":"PT5M","waitingRoom":false,"prices":{"Stalls":{"minorUnits":100,"currency":"EUR"}},
                 "seatingPlan":{"name":"Hall","categories":[{"name":"Stalls","color":""}],"zones":[{"name":"A","rows":[
                 {"row_number":"A","seats":[{"seat_guid":"A-1","seat_number":"1","category":"Stalls"}]}]}]}}""".formatted(
                        now.plusSeconds(7_200), now.minusSeconds(60), now.plusSeconds(3_600)));
        assertThat(answer.said().status()).as("%s", answer.said()).isEqualTo(201);
        return answer.said().field("performanceId");
    }

    private static double claims(ConfigurableApplicationContext host, String kind, String outcome) {
        return host.getBean(MeterRegistry.class)
                .get("onsale.guard.claims")
                .tags("kind", kind, "outcome", outcome)
                .counter()
                .count();
    }

    private static String key() {
        return UUID.randomUUID().toString();
    }
}
