package dev.onsale.command.coupon;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.coupon.CouponIssued;
import dev.onsale.command.CommandSideHost;
import dev.onsale.command.guard.TestSale;
import dev.onsale.command.guard.coupon.CouponGuard;
import dev.onsale.command.guard.coupon.CouponGuard.CouponClaim;
import dev.onsale.eventlog.EventJson;
import dev.onsale.eventlog.StoredEvents;
import dev.onsale.platform.http.IdempotencyKey;
import dev.onsale.testsupport.Races;
import dev.onsale.testsupport.TestDatabase;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.ConfigurableApplicationContext;

/** Everything behind HTTP: guard, command, store. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("services")
class CouponRushTest {

    private static final int PEOPLE = 5_000;
    private static final int CLAIMS = 10_000;
    private static final int COUPONS = 1_000;

    private final ConfigurableApplicationContext host = CommandSideHost.start(TestDatabase.fresh());

    @AfterAll
    void stop() {
        host.close();
    }

    @Test
    void ten_thousand_claims_of_five_thousand_people_issue_exactly_a_thousand_coupons_one_to_a_person()
            throws Exception {
        CampaignId campaign = CampaignId.next();
        host.getBean(CommandGateway.class)
                .sendAndWait(
                        TestSale.launch(
                                campaign, COUPONS, host.getBean(Clock.class).instant()),
                        20,
                        TimeUnit.SECONDS);
        awaitGuard(campaign);
        CampaignController campaigns = host.getBean(CampaignController.class);

        List<Object> outcomes = Races.returned(Races.together(CLAIMS, index -> () -> {
            Object outcome = claim(campaigns, campaign, index);
            // On a busy machine the guard may be late for a moment; the answer says to try again.
            for (int tries = 0; tries < 5 && outcome == RefusalCode.TEMPORARILY_UNAVAILABLE; tries++) {
                outcome = claim(campaigns, campaign, index);
            }
            return outcome;
        }));

        assertThat(outcomes).hasSize(CLAIMS);
        Map<Object, Long> kinds = outcomes.stream()
                .collect(groupingBy(outcome -> outcome instanceof RefusalCode ? outcome : "issued", counting()));
        assertThat(kinds.get("issued")).as(kinds.toString()).isEqualTo(COUPONS);
        assertThat(kinds.keySet()).isSubsetOf("issued", RefusalCode.SOLD_OUT, RefusalCode.ALREADY_ISSUED);
        List<CouponIssued> stored =
                host
                        .getBean(StoredEvents.class)
                        .ofAggregate(campaign.toString(), 0, StoredEvents.PAGE_SIZE_MAX)
                        .stream()
                        .filter(event -> event.type().equals("onsale.coupon-issued"))
                        .map(event -> EventJson.mapper().readValue(event.payloadJson(), CouponIssued.class))
                        .toList();
        assertThat(stored.stream().map(CouponIssued::rank))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, COUPONS).boxed().toList());
        assertThat(stored.stream().map(CouponIssued::buyerId).distinct()).hasSize(COUPONS);
    }

    private static Object claim(CampaignController campaigns, CampaignId campaign, int index) {
        try {
            return Objects.requireNonNull(Objects.requireNonNull(campaigns
                            .issue(
                                    campaign,
                                    BuyerId.of("person-" + index % PEOPLE),
                                    new IdempotencyKey("claim-" + index / PEOPLE))
                            .block(Duration.ofSeconds(40)))
                    .getBody());
        } catch (RefusedException refused) {
            return refused.code();
        }
    }

    private void awaitGuard(CampaignId campaign) {
        CouponGuard guard = host.getBean(CouponGuard.class);
        CouponId nobody = CouponId.next();
        BuyerId probe = BuyerId.of("probe");
        await("the guard of a new campaign")
                .atMost(Duration.ofSeconds(60))
                .until(() -> guard.claim(
                                        campaign,
                                        nobody,
                                        probe,
                                        host.getBean(Clock.class).instant())
                                .toCompletableFuture()
                                .get(20, TimeUnit.SECONDS)
                        != CouponClaim.AWAY);
        var released = guard.release(campaign, nobody, probe).toCompletableFuture();
        await("the probe's claim given back").atMost(Duration.ofSeconds(60)).until(released::isDone);
    }
}
