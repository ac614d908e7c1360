package dev.onsale.command.coupon;

import static org.axonframework.test.matchers.Matchers.matches;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.PaymentId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.ReservationId;
import dev.onsale.api.coupon.CampaignClosed;
import dev.onsale.api.coupon.CampaignExhausted;
import dev.onsale.api.coupon.CampaignLaunched;
import dev.onsale.api.coupon.CloseCampaign;
import dev.onsale.api.coupon.CouponIssued;
import dev.onsale.api.coupon.CouponRedeemed;
import dev.onsale.api.coupon.CouponRestored;
import dev.onsale.api.coupon.CouponTerms;
import dev.onsale.api.coupon.Discount;
import dev.onsale.api.coupon.IssueCoupon;
import dev.onsale.api.coupon.LaunchCampaign;
import dev.onsale.api.coupon.QuoteCoupon;
import dev.onsale.api.coupon.RedeemCoupon;
import dev.onsale.api.coupon.RestoreCoupon;
import dev.onsale.command.reservation.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.ResultValidator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CampaignRulesTest {

    private static final CampaignId CAMPAIGN = new CampaignId(new UUID(0x7000, 1));
    private static final Instant NOON = TestClock.NOON;
    private static final Discount FIFTH_OFF = new Discount(20, null, null);
    private static final BuyerId ALICE = BuyerId.of("alice");
    private static final BuyerId BOB = BuyerId.of("bob");
    private static final BuyerId CAROL = BuyerId.of("carol");
    private static final PaymentId PAYMENT = new PaymentId(new UUID(0x7000, 77));
    private static final ReservationId SEATS = new ReservationId(new UUID(0x7000, 9));

    private final TestClock clock = new TestClock();
    private AggregateTestFixture<Campaign> fixture = new AggregateTestFixture<>(Campaign.class);

    @BeforeEach
    void connect() {
        fixture = new AggregateTestFixture<>(Campaign.class);
        fixture.registerAnnotatedCommandHandler(new CampaignCommandHandler(fixture.getRepository(), clock));
    }

    @Test
    void a_campaign_is_launched_once() {
        fixture.givenNoPriorActivity().when(launch(2)).expectEvents(launched(2));
        connect();
        fixture.given(launched(2)).when(launch(2)).expectNoEvents().expectResultMessagePayload(launched(2));
        connect();
        refused(fixture.given(launched(2)).when(launch(3)), RefusalCode.IDEMPOTENCY_KEY_REUSED);
    }

    @Test
    void coupons_are_ranked_in_the_order_of_arrival_and_the_last_one_exhausts_the_campaign() {
        fixture.given(launched(2)).when(issue(1, ALICE)).expectEvents(issued(1, ALICE, 1));
        connect();
        fixture.given(launched(2), issued(1, ALICE, 1))
                .when(issue(2, BOB))
                .expectEvents(issued(2, BOB, 2), new CampaignExhausted(CAMPAIGN, 2, NOON));
    }

    @Test
    void nobody_gets_a_coupon_of_an_exhausted_campaign() {
        refused(
                fixture.given(launched(1), issued(1, ALICE, 1), new CampaignExhausted(CAMPAIGN, 1, NOON))
                        .when(issue(2, BOB)),
                RefusalCode.SOLD_OUT);
    }

    @Test
    void one_person_gets_one_coupon() {
        refused(fixture.given(launched(9), issued(1, ALICE, 1)).when(issue(2, ALICE)), RefusalCode.ALREADY_ISSUED);
    }

    @Test
    void a_repeat_is_answered_with_the_same_coupon_even_when_sold_out() {
        fixture.given(launched(1), issued(1, ALICE, 1), new CampaignExhausted(CAMPAIGN, 1, NOON))
                .when(issue(1, ALICE))
                .expectNoEvents()
                .expectResultMessagePayload(issued(1, ALICE, 1));
    }

    @Test
    void coupons_are_issued_within_the_window_only() {
        clock.set(NOON.minusMillis(1));
        refused(fixture.given(launched(9)).when(issue(1, ALICE)), RefusalCode.CAMPAIGN_NOT_OPEN);
        connect();
        clock.set(NOON.plus(Duration.ofHours(1)).minusMillis(1));
        fixture.given(launched(9)).when(issue(1, ALICE)).expectSuccessfulHandlerExecution();
        connect();
        clock.set(NOON.plus(Duration.ofHours(1)));
        refused(fixture.given(launched(9)).when(issue(1, ALICE)), RefusalCode.CAMPAIGN_CLOSED);
    }

    @Test
    void a_closed_campaign_issues_nothing_and_closes_once() {
        fixture.given(launched(9)).when(new CloseCampaign(CAMPAIGN)).expectEvents(new CampaignClosed(CAMPAIGN, NOON));
        connect();
        fixture.given(launched(9), new CampaignClosed(CAMPAIGN, NOON))
                .when(new CloseCampaign(CAMPAIGN))
                .expectNoEvents();
        connect();
        refused(
                fixture.given(launched(9), new CampaignClosed(CAMPAIGN, NOON)).when(issue(1, ALICE)),
                RefusalCode.CAMPAIGN_CLOSED);
    }

    @Test
    void a_coupon_is_redeemed_once_by_its_owner_and_comes_back_when_the_reservation_fails() {
        CouponRedeemed redeemed = new CouponRedeemed(CAMPAIGN, coupon(1), ALICE, SEATS, PAYMENT, NOON);
        fixture.given(launched(9), issued(1, ALICE, 1))
                .when(redeem(1, ALICE, PAYMENT))
                .expectEvents(redeemed);
        connect();
        fixture.given(launched(9), issued(1, ALICE, 1), redeemed)
                .when(redeem(1, ALICE, PAYMENT))
                .expectNoEvents();
        connect();
        refused(
                fixture.given(launched(9), issued(1, ALICE, 1), redeemed).when(redeem(1, ALICE, PaymentId.next())),
                RefusalCode.COUPON_REDEEMED);
        connect();
        refused(
                fixture.given(launched(9), issued(1, ALICE, 1)).when(redeem(1, CAROL, PAYMENT)),
                RefusalCode.COUPON_NOT_FOUND);
        connect();
        CouponRestored restored = new CouponRestored(CAMPAIGN, coupon(1), ALICE, SEATS, PAYMENT, NOON);
        fixture.given(launched(9), issued(1, ALICE, 1), redeemed)
                .when(new RestoreCoupon(CAMPAIGN, coupon(1), PAYMENT))
                .expectEvents(restored);
        connect();
        fixture.given(launched(9), issued(1, ALICE, 1), redeemed, restored)
                .when(new RestoreCoupon(CAMPAIGN, coupon(1), PAYMENT))
                .expectNoEvents();
        connect();
        fixture.given(launched(9), issued(1, ALICE, 1), redeemed)
                .when(new RestoreCoupon(CAMPAIGN, coupon(1), PaymentId.next()))
                .expectNoEvents();
        connect();
        fixture.given(launched(9), issued(1, ALICE, 1), redeemed, restored)
                .when(redeem(1, ALICE, PaymentId.next()))
                .expectSuccessfulHandlerExecution();
        connect();
        refused(
                fixture.given(launched(9), issued(1, ALICE, 1), redeemed, restored)
                        .when(redeem(1, ALICE, PAYMENT)),
                RefusalCode.PAYMENT_STATE_CONFLICT);
    }

    @Test
    void a_coupon_is_quoted_to_its_owner_alone_while_it_can_be_used() {
        fixture.given(launched(9), issued(1, ALICE, 1))
                .when(new QuoteCoupon(CAMPAIGN, coupon(1), ALICE))
                .expectNoEvents()
                .expectResultMessagePayload(new CouponTerms(CAMPAIGN, coupon(1), FIFTH_OFF));
        connect();
        refused(
                fixture.given(launched(9), issued(1, ALICE, 1)).when(new QuoteCoupon(CAMPAIGN, coupon(1), CAROL)),
                RefusalCode.COUPON_NOT_FOUND);
        connect();
        CouponRedeemed redeemed = new CouponRedeemed(CAMPAIGN, coupon(1), ALICE, SEATS, PAYMENT, NOON);
        refused(
                fixture.given(launched(9), issued(1, ALICE, 1), redeemed)
                        .when(new QuoteCoupon(CAMPAIGN, coupon(1), ALICE)),
                RefusalCode.COUPON_REDEEMED);
    }

    @Test
    void windows_quantities_and_names_that_cannot_be_are_refused() {
        refused(
                fixture.givenNoPriorActivity()
                        .when(new LaunchCampaign(CAMPAIGN, "x", 1, 1, NOON.plusSeconds(1), NOON, FIFTH_OFF)),
                RefusalCode.INVALID_WINDOW);
        connect();
        refused(
                fixture.givenNoPriorActivity()
                        .when(new LaunchCampaign(CAMPAIGN, "x", -1, 1, NOON, NOON.plusSeconds(1), FIFTH_OFF)),
                RefusalCode.INVALID_REQUEST);
        connect();
        refused(
                fixture.givenNoPriorActivity()
                        .when(new LaunchCampaign(CAMPAIGN, " ", 1, 1, NOON, NOON.plusSeconds(1), FIFTH_OFF)),
                RefusalCode.INVALID_REQUEST);
        connect();
        refused(fixture.givenNoPriorActivity().when(issue(1, ALICE)), RefusalCode.CAMPAIGN_NOT_FOUND);
    }

    private static void refused(ResultValidator<Campaign> result, RefusalCode code) {
        result.expectException(matches((RefusedException refused) -> refused.code() == code))
                .expectNoEvents();
    }

    private static LaunchCampaign launch(int quantity) {
        return new LaunchCampaign(CAMPAIGN, "First come", quantity, 1, NOON, NOON.plus(Duration.ofHours(1)), FIFTH_OFF);
    }

    private static CampaignLaunched launched(int quantity) {
        return new CampaignLaunched(
                CAMPAIGN, "First come", quantity, 1, NOON, NOON.plus(Duration.ofHours(1)), FIFTH_OFF, NOON);
    }

    private static CouponId coupon(int number) {
        return new CouponId(new UUID(0x7000, 100 + number));
    }

    private static IssueCoupon issue(int coupon, BuyerId buyer) {
        return new IssueCoupon(CAMPAIGN, coupon(coupon), buyer);
    }

    private static RedeemCoupon redeem(int coupon, BuyerId buyer, PaymentId payment) {
        return new RedeemCoupon(CAMPAIGN, coupon(coupon), buyer, SEATS, payment);
    }

    private static CouponIssued issued(int coupon, BuyerId buyer, int rank) {
        return new CouponIssued(CAMPAIGN, coupon(coupon), buyer, rank, NOON);
    }
}
