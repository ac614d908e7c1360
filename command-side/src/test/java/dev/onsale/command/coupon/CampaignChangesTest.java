package dev.onsale.command.coupon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.OperatorAction;
import dev.onsale.api.OperatorId;
import dev.onsale.api.PaymentId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.ReservationId;
import dev.onsale.api.Revision;
import dev.onsale.api.coupon.CampaignChange;
import dev.onsale.api.coupon.ChangeCampaign;
import dev.onsale.api.coupon.CloseCampaign;
import dev.onsale.api.coupon.CouponEvent;
import dev.onsale.api.coupon.CouponTerms;
import dev.onsale.api.coupon.Discount;
import dev.onsale.api.coupon.IssueCoupon;
import dev.onsale.api.coupon.LaunchCampaign;
import dev.onsale.api.coupon.QuoteCoupon;
import dev.onsale.api.coupon.RedeemCoupon;
import dev.onsale.api.coupon.RestoreCoupon;
import dev.onsale.api.coupon.RevokeCoupon;
import dev.onsale.command.reservation.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.axonframework.config.AggregateConfigurer;
import org.axonframework.config.Configuration;
import org.axonframework.config.Configurer;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CampaignChangesTest {

    private static final CampaignId CAMPAIGN = new CampaignId(new UUID(0x7000, 1));
    private static final Instant NOON = TestClock.NOON;
    private static final OperatorAction OPERATOR = new OperatorAction(OperatorId.of("op"), "more sponsors");
    private static final Discount FIFTH_OFF = new Discount(20, null, null);
    private static final Discount HALF_OFF = new Discount(50, null, null);
    private static final BuyerId ALICE = BuyerId.of("alice");
    private static final BuyerId BOB = BuyerId.of("bob");
    private static final BuyerId CAROL = BuyerId.of("carol");
    private static final PaymentId PAYMENT = new PaymentId(new UUID(0x7000, 77));
    private static final ReservationId SEATS = new ReservationId(new UUID(0x7000, 9));

    private final TestClock clock = new TestClock();
    private final List<CouponEvent> facts = new ArrayList<>();
    private Configuration axon;

    @BeforeEach
    void launch() {
        Configurer configurer = DefaultConfigurer.defaultConfiguration(false)
                .configureEmbeddedEventStore(config -> new InMemoryEventStorageEngine())
                .configureAggregate(AggregateConfigurer.defaultConfiguration(Campaign.class));
        configurer.registerCommandHandler(
                config -> new CampaignCommandHandler(config.repository(Campaign.class), clock));
        axon = configurer.start();
        axon.eventStore()
                .subscribe(messages -> messages.forEach(message -> facts.add((CouponEvent) message.getPayload())));
        ask(new LaunchCampaign(CAMPAIGN, "x", 2, 1, NOON, NOON.plusSeconds(3_600), FIFTH_OFF));
    }

    @AfterEach
    void stop() {
        axon.shutdown();
    }

    private Object ask(OnsaleCommand command) {
        facts.clear();
        return axon.commandGateway().sendAndWait(command, 5, TimeUnit.SECONDS);
    }

    private List<String> factsOf(OnsaleCommand command) {
        ask(command);
        return facts.stream().map(fact -> fact.getClass().getSimpleName()).toList();
    }

    private void refuses(OnsaleCommand command, RefusalCode code) {
        assertThatThrownBy(() -> ask(command))
                .isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(refused.code())
                        .isEqualTo(code));
        assertThat(facts).isEmpty();
    }

    private static CouponId coupon(int number) {
        return new CouponId(new UUID(0x7000, 100 + number));
    }

    private static IssueCoupon issue(int number, BuyerId buyer) {
        return new IssueCoupon(CAMPAIGN, coupon(number), buyer);
    }

    private static ChangeCampaign change(
            @Nullable Integer quantity,
            @Nullable Instant opensAt,
            @Nullable Instant closesAt,
            @Nullable Discount discount) {
        return new ChangeCampaign(CAMPAIGN, new CampaignChange(quantity, opensAt, closesAt, discount), OPERATOR, null);
    }

    private static RevokeCoupon revoke(int number) {
        return new RevokeCoupon(CAMPAIGN, coupon(number), OPERATOR);
    }

    private static RedeemCoupon redeem(int number, BuyerId buyer) {
        return new RedeemCoupon(CAMPAIGN, coupon(number), buyer, SEATS, PAYMENT);
    }

    private Discount worth(int number, BuyerId buyer) {
        return ((CouponTerms) ask(new QuoteCoupon(CAMPAIGN, coupon(number), buyer))).discount();
    }

    @Test
    void a_sold_out_campaign_issues_again_after_its_quantity_is_raised_and_no_more_than_that() {
        ask(issue(1, ALICE));
        assertThat(factsOf(issue(2, BOB))).containsExactly("CouponIssued", "CampaignExhausted");
        refuses(issue(3, CAROL), RefusalCode.SOLD_OUT);
        assertThat(factsOf(change(3, null, null, null))).containsExactly("CampaignQuantityChanged");
        assertThat(factsOf(issue(3, CAROL))).containsExactly("CouponIssued", "CampaignExhausted");
        refuses(issue(4, BuyerId.of("dave")), RefusalCode.SOLD_OUT);
    }

    @Test
    void the_quantity_is_never_below_what_was_issued_and_at_it_the_campaign_is_exhausted() {
        ask(change(5, null, null, null));
        ask(issue(1, ALICE));
        ask(issue(2, BOB));
        refuses(change(1, null, null, null), RefusalCode.QUANTITY_BELOW_ISSUED);
        assertThat(factsOf(change(2, null, null, null)))
                .containsExactly("CampaignQuantityChanged", "CampaignExhausted");
        refuses(issue(3, CAROL), RefusalCode.SOLD_OUT);
        refuses(change(0, null, null, null), RefusalCode.INVALID_REQUEST);
        refuses(change(10_000_001, null, null, null), RefusalCode.INVALID_REQUEST);
    }

    @Test
    void the_window_can_be_extended_until_it_is_over() {
        ask(change(null, null, NOON.plusSeconds(10), null));
        clock.advance(Duration.ofSeconds(10).minusNanos(1));
        assertThat(factsOf(issue(1, ALICE))).containsExactly("CouponIssued");
        ask(change(null, null, NOON.plusSeconds(20), null));
        clock.advance(Duration.ofNanos(1));
        assertThat(factsOf(issue(2, BOB))).contains("CouponIssued");
        clock.advance(Duration.ofSeconds(10));
        refuses(change(null, null, NOON.plusSeconds(40), null), RefusalCode.CAMPAIGN_CLOSED);
    }

    @Test
    void instants_in_the_past_and_another_opening_of_an_open_campaign_are_refused() {
        refuses(change(null, null, NOON, null), RefusalCode.INVALID_WINDOW);
        refuses(change(null, NOON.plusSeconds(1), null, null), RefusalCode.INVALID_WINDOW);
    }

    @Test
    void a_coupon_keeps_the_discount_with_which_it_was_issued() {
        ask(issue(1, ALICE));
        assertThat(factsOf(change(null, null, null, HALF_OFF))).containsExactly("CampaignDiscountChanged");
        ask(issue(2, BOB));
        assertThat(worth(1, ALICE)).isEqualTo(FIFTH_OFF);
        assertThat(worth(2, BOB)).isEqualTo(HALF_OFF);
    }

    @Test
    void a_revoked_coupon_is_worth_nothing_and_makes_no_room() {
        ask(issue(1, ALICE));
        ask(issue(2, BOB));
        assertThat(factsOf(revoke(1))).containsExactly("CouponRevoked");
        assertThat(factsOf(revoke(1))).isEmpty();
        refuses(new QuoteCoupon(CAMPAIGN, coupon(1), ALICE), RefusalCode.COUPON_REVOKED);
        refuses(redeem(1, ALICE), RefusalCode.COUPON_REVOKED);
        refuses(issue(3, CAROL), RefusalCode.SOLD_OUT);
        assertThat(factsOf(redeem(2, BOB))).containsExactly("CouponRedeemed");
    }

    @Test
    void a_coupon_in_use_is_not_revoked_until_it_is_given_back() {
        ask(issue(1, ALICE));
        ask(redeem(1, ALICE));
        refuses(revoke(1), RefusalCode.COUPON_REDEEMED);
        ask(new RestoreCoupon(CAMPAIGN, coupon(1), PAYMENT));
        assertThat(factsOf(revoke(1))).containsExactly("CouponRevoked");
        refuses(revoke(9), RefusalCode.COUPON_NOT_FOUND);
    }

    @Test
    void a_closed_campaign_does_not_change_but_its_coupons_are_revoked() {
        ask(issue(1, ALICE));
        ask(new CloseCampaign(CAMPAIGN));
        refuses(change(9, null, null, null), RefusalCode.CAMPAIGN_CLOSED);
        assertThat(factsOf(revoke(1))).containsExactly("CouponRevoked");
    }

    @Test
    void one_bad_part_refuses_the_whole_change_and_a_stale_revision_too() {
        refuses(change(0, null, null, HALF_OFF), RefusalCode.INVALID_REQUEST);
        assertThat(factsOf(change(9, null, null, HALF_OFF)))
                .containsExactly("CampaignDiscountChanged", "CampaignQuantityChanged");
        refuses(
                new ChangeCampaign(CAMPAIGN, new CampaignChange(7, null, null, null), OPERATOR, new Revision(1, false)),
                RefusalCode.CHANGED_MEANWHILE);
        assertThat(factsOf(change(9, null, null, HALF_OFF))).isEmpty();
    }
}
