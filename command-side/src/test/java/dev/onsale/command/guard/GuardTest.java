package dev.onsale.command.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.allowance.AllowanceReturned;
import dev.onsale.api.allowance.AllowanceUsed;
import dev.onsale.api.coupon.CouponIssued;
import dev.onsale.api.reservation.CancelReservation;
import dev.onsale.api.reservation.ExpireReservation;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.api.seat.SeatHeld;
import dev.onsale.api.seat.SeatReleased;
import dev.onsale.command.CommandSideHost;
import dev.onsale.command.guard.coupon.CouponGuard;
import dev.onsale.command.guard.coupon.CouponGuard.CouponClaim;
import dev.onsale.command.guard.seat.SeatGuard;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Away;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Granted;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Taken;
import dev.onsale.command.guard.state.GuardFacts;
import dev.onsale.command.guard.state.GuardKeys;
import dev.onsale.testsupport.Races;
import dev.onsale.testsupport.TestDatabase;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.core.StringRedisTemplate;

/** The guard on a real Redis, in step with a real log. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("services")
class GuardTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final BuyerId ALICE = BuyerId.of("alice");
    private static final BuyerId BOB = BuyerId.of("bob");

    private ConfigurableApplicationContext host =
            CommandSideHost.start(TestDatabase.fresh(), "--onsale.command.guard.sold-out-memory=PT5S");
    private final SeatGuard seats = host.getBean(SeatGuard.class);
    private final CouponGuard coupons = host.getBean(CouponGuard.class);
    private final CommandGateway commands = host.getBean(CommandGateway.class);
    private final StringRedisTemplate redis = host.getBean(StringRedisTemplate.class);
    private final Clock clock = host.getBean(Clock.class);

    @BeforeAll
    void started() {
        assertThat(host.isRunning()).isTrue();
    }

    @AfterAll
    void stop() {
        host.close();
    }

    @Test
    void a_claim_is_granted_once_and_again_to_the_same_reservation() {
        PerformanceId sale = onSale(Duration.ofMinutes(5));
        ReservationId first = ReservationId.next();
        assertThat(claim(sale, first, 1, 2)).isEqualTo(new Granted(List.of(1L, 1L)));
        assertThat(claim(sale, first, 1, 2)).as("a repeat").isEqualTo(new Granted(List.of(1L, 1L)));
        assertThat(claim(sale, ReservationId.next(), 2, 3)).isEqualTo(new Taken(TestSale.label(2)));
        assertThat(claim(sale, ReservationId.next(), 3)).as("all or nothing").isEqualTo(new Granted(List.of(1L)));
    }

    @Test
    void a_released_claim_is_free_and_its_token_never_comes_back() {
        PerformanceId sale = onSale(Duration.ofMinutes(5));
        ReservationId first = ReservationId.next();
        claim(sale, first, 1);
        get(seats.release(sale, ReservationId.next(), BOB, List.of(TestSale.label(1))));
        assertThat(claim(sale, ReservationId.next(), 1))
                .as("released by a stranger")
                .isInstanceOf(Taken.class);
        get(seats.release(sale, first, buyerOf(first), List.of(TestSale.label(1))));
        assertThat(claim(sale, ReservationId.next(), 1)).isEqualTo(new Granted(List.of(2L)));
    }

    @Test
    void a_cancelled_reservation_is_free_at_once_and_nobody_elses_is() {
        PerformanceId sale = onSale(Duration.ofMinutes(5));
        ReservationId mine = ReservationId.next();
        claim(sale, mine, 1);
        claim(sale, ReservationId.next(), 2);
        get(seats.freed(sale, mine, buyerOf(mine), List.of(TestSale.label(1), TestSale.label(2))));
        assertThat(claim(sale, ReservationId.next(), 1)).isEqualTo(new Granted(List.of(2L)));
        assertThat(claim(sale, ReservationId.next(), 2)).isInstanceOf(Taken.class);
    }

    @Test
    void a_claim_whose_command_never_came_home_lapses() {
        PerformanceId sale = onSale(Duration.ofMinutes(5));
        claim(sale, ReservationId.next(), 1);
        SeatClaims later = get(seats.claim(
                request(sale, ReservationId.next(), BOB, clock.instant().plusSeconds(11), 1)));
        assertThat(later).isEqualTo(new Granted(List.of(2L)));
    }

    @Test
    void a_thousand_claims_of_one_seat_have_one_winner() throws Exception {
        PerformanceId sale = onSale(Duration.ofMinutes(5));
        List<SeatClaims> outcomes =
                Races.returned(Races.together(1_000, index -> () -> claim(sale, ReservationId.next(), 1)));
        assertThat(outcomes).hasSize(1_000);
        assertThat(outcomes.stream().filter(Granted.class::isInstance)).hasSize(1);
        assertThat(outcomes.stream().filter(Taken.class::isInstance)).hasSize(999);
    }

    @Test
    void the_guard_follows_the_log_when_a_hold_is_cancelled_or_expires() {
        PerformanceId sale = onSale(Duration.ofSeconds(1));
        ReservationHeld held = hold(sale, ALICE, 1);
        commands.sendAndWait(new CancelReservation(held.reservationId(), sale, ALICE), 10, TimeUnit.SECONDS);
        await("the cancelled seat")
                .atMost(PATIENCE)
                .until(() -> claim(sale, ReservationId.next(), 1) instanceof Granted);

        ReservationHeld second = hold(sale, ALICE, 2);
        await("the hold's end").atMost(PATIENCE).until(() -> !clock.instant().isBefore(second.heldUntil()));
        commands.sendAndWait(new ExpireReservation(second.reservationId(), sale), 10, TimeUnit.SECONDS);
        await("the expired seat").atMost(PATIENCE).until(() -> claim(sale, ReservationId.next(), 2) instanceof Granted);
    }

    @Test
    void an_old_fact_cannot_undo_a_newer_one() {
        PerformanceId sale = onSale(Duration.ofMinutes(5));
        GuardFacts facts = host.getBean(GuardFacts.class);
        Instant now = clock.instant();
        var seat = new SeatId(sale, TestSale.label(9));
        var winner = ReservationId.next();
        get(facts.apply(new SeatHeld(seat, winner, ALICE, 4, now.plusSeconds(300), now), 4));
        assertThat(get(facts.apply(new SeatReleased(seat, winner, now), 3))).isZero();
        assertThat(claim(sale, ReservationId.next(), 9)).isInstanceOf(Taken.class);
        assertThat(get(facts.apply(new SeatReleased(seat, winner, now), 5))).isEqualTo(1);
        assertThat(claim(sale, ReservationId.next(), 9)).isEqualTo(new Granted(List.of(5L)));
    }

    @Test
    void what_was_given_back_stays_free_when_the_log_tells_of_its_hold_only_then() {
        PerformanceId sale = onSale(Duration.ofMinutes(5));
        GuardFacts facts = host.getBean(GuardFacts.class);
        Instant now = clock.instant();
        ReservationId mine = ReservationId.next();
        int[] four = {1, 2, 3, 4};
        List<SeatLabel> labels =
                java.util.Arrays.stream(four).mapToObj(TestSale::label).toList();
        assertThat(get(seats.claim(request(sale, mine, ALICE, now, four)))).isInstanceOf(Granted.class);
        get(seats.freed(sale, mine, ALICE, labels));
        ReservationId next = ReservationId.next();
        assertThat(claim(sale, next, 2)).isEqualTo(new Granted(List.of(2L)));
        for (SeatLabel label : labels) {
            get(facts.apply(new SeatHeld(new SeatId(sale, label), mine, ALICE, 1, now.plusSeconds(300), now), 0));
        }
        get(facts.apply(new AllowanceUsed(sale, ALICE, mine, 4, 4, now), 0));
        assertThat(claim(sale, ReservationId.next(), 1)).isEqualTo(new Granted(List.of(2L)));
        assertThat(claim(sale, ReservationId.next(), 2)).isInstanceOf(Taken.class);
        assertThat(claim(sale, next, 2)).as("the claim that came between").isEqualTo(new Granted(List.of(2L)));
        ReservationId again = ReservationId.next();
        assertThat(get(seats.claim(request(sale, again, ALICE, now, 5, 6, 7, 8))))
                .isInstanceOf(Granted.class);
        for (SeatLabel label : labels) {
            get(facts.apply(new SeatReleased(new SeatId(sale, label), mine, now), 1));
        }
        get(facts.apply(new AllowanceReturned(sale, ALICE, mine, 4, 0, now), 1));
        assertThat(claim(sale, ReservationId.next(), 2)).isInstanceOf(Taken.class);
        assertThat(get(seats.claim(request(sale, ReservationId.next(), ALICE, now, 9))))
                .isEqualTo(new SeatClaims.LimitReached(4));
    }

    @Test
    void a_lost_guard_is_away_then_rebuilt_from_the_store_and_brings_no_old_token_back() {
        PerformanceId sale = onSale(Duration.ofMinutes(5));
        hold(sale, ALICE, 1);
        ReservationHeld cancelled = hold(sale, BOB, 2);
        commands.sendAndWait(new CancelReservation(cancelled.reservationId(), sale, BOB), 10, TimeUnit.SECONDS);
        lose(sale.toString());
        assertThat(claim(sale, ReservationId.next(), 1)).isInstanceOf(Away.class);
        await("the rebuilt guard").atMost(PATIENCE).until(() -> claim(sale, ReservationId.next(), 1) instanceof Taken);
        assertThat(claim(sale, ReservationId.next(), 2)).isEqualTo(new Granted(List.of(2L)));
    }

    @Test
    void without_a_guard_the_seat_issues_the_next_token_itself() {
        PerformanceId sale = onSale(Duration.ofMinutes(5));
        ReservationHeld first = hold(sale, ALICE, 1);
        assertThat(first.seats().getFirst().fencingToken()).isEqualTo(1);
        assertThat(refusal(() -> hold(sale, BOB, 1))).isEqualTo(RefusalCode.SEAT_TAKEN);
    }

    @Test
    void a_made_up_performance_gets_no_guard() {
        PerformanceId nowhere = PerformanceId.next();
        assertThat(claim(nowhere, ReservationId.next(), 1)).isInstanceOf(Away.class);
        await("the rebuild that finds nothing")
                .during(Duration.ofMillis(500))
                .atMost(PATIENCE)
                .until(() -> Boolean.FALSE.equals(redis.hasKey(GuardKeys.seats(nowhere.toString()))));
    }

    @Test
    void coupons_are_claimed_to_the_last_and_one_per_person() {
        CampaignId campaign = launched(2);
        CouponId first = CouponId.next();
        assertThat(claim(campaign, first, ALICE)).isEqualTo(CouponClaim.GRANTED);
        assertThat(claim(campaign, first, ALICE)).as("a repeat").isEqualTo(CouponClaim.GRANTED);
        assertThat(claim(campaign, CouponId.next(), ALICE)).isEqualTo(CouponClaim.ALREADY_ISSUED);
        CouponId second = CouponId.next();
        assertThat(claim(campaign, second, BOB)).isEqualTo(CouponClaim.GRANTED);
        assertThat(claim(campaign, CouponId.next(), BuyerId.of("carol"))).isEqualTo(CouponClaim.SOLD_OUT);
        get(coupons.release(campaign, second, BOB));
        assertThat(claim(campaign, CouponId.next(), BuyerId.of("carol"))).isEqualTo(CouponClaim.GRANTED);
    }

    @Test
    void a_lost_coupon_guard_is_rebuilt_and_still_knows_who_has_a_coupon() {
        CampaignId campaign = launched(3);
        commands.sendAndWait(TestSale.issue(campaign, ALICE), 10, TimeUnit.SECONDS);
        commands.sendAndWait(TestSale.issue(campaign, BOB), 10, TimeUnit.SECONDS);
        lose(campaign.toString());
        await("the rebuilt guard")
                .atMost(PATIENCE)
                .until(() -> claim(campaign, CouponId.next(), ALICE) == CouponClaim.ALREADY_ISSUED);
        assertThat(claim(campaign, CouponId.next(), BuyerId.of("carol"))).isEqualTo(CouponClaim.GRANTED);
        assertThat(claim(campaign, CouponId.next(), BuyerId.of("dave"))).isEqualTo(CouponClaim.SOLD_OUT);
    }

    @Test
    void a_thousand_people_claim_exactly_the_coupons_there_are() throws Exception {
        CampaignId campaign = launched(100);
        List<CouponClaim> outcomes = Races.returned(
                Races.together(1_000, index -> () -> claim(campaign, CouponId.next(), BuyerId.of("person-" + index))));
        assertThat(outcomes.stream().filter(CouponClaim.GRANTED::equals)).hasSize(100);
        assertThat(outcomes.stream().filter(CouponClaim.SOLD_OUT::equals)).hasSize(900);
    }

    @Test
    void an_exhausted_campaign_is_refused_without_redis_for_a_moment_and_owners_are_still_known() {
        CampaignId campaign = launched(2);
        BuyerId carol = BuyerId.of("carol");
        CouponIssued hers = commands.sendAndWait(TestSale.issue(campaign, ALICE), 10, TimeUnit.SECONDS);
        commands.sendAndWait(TestSale.issue(campaign, BOB), 10, TimeUnit.SECONDS);
        await("both coupons in the guard").atMost(PATIENCE).until(() -> Long.valueOf(2)
                .equals(redis.opsForZSet().zCard(GuardKeys.coupons(campaign.toString()))));
        Counter fromMemory = host.getBean(MeterRegistry.class)
                .get("onsale.guard.memory.answers")
                .counter();
        double before = fromMemory.count();
        await("an answer from memory").atMost(PATIENCE).until(() -> {
            assertThat(claim(campaign, CouponId.next(), carol)).isNotEqualTo(CouponClaim.AWAY);
            return fromMemory.count() > before;
        });
        assertThat(claim(campaign, CouponId.next(), ALICE)).isEqualTo(CouponClaim.ALREADY_ISSUED);
        assertThat(claim(campaign, hers.couponId(), ALICE)).as("a repeat").isEqualTo(CouponClaim.GRANTED);
        lose(campaign.toString());
        assertThat(claim(campaign, CouponId.next(), carol)).as("without Redis").isEqualTo(CouponClaim.SOLD_OUT);
        await("the memory to be over, and a guard rebuilt").atMost(PATIENCE).until(() -> {
            CouponClaim claim = claim(campaign, CouponId.next(), carol);
            return claim == CouponClaim.SOLD_OUT && redis.hasKey(GuardKeys.epoch(campaign.toString()));
        });
    }

    private PerformanceId onSale(Duration hold) {
        PerformanceId id = PerformanceId.next();
        commands.sendAndWait(TestSale.schedule(id, 20, hold, clock.instant()), 10, TimeUnit.SECONDS);
        awaitGuard(id.toString());
        return id;
    }

    private CampaignId launched(int quantity) {
        CampaignId id = CampaignId.next();
        commands.sendAndWait(TestSale.launch(id, quantity, clock.instant()), 10, TimeUnit.SECONDS);
        awaitGuard(id.toString());
        return id;
    }

    private void awaitGuard(String sale) {
        await("the guard of a new sale")
                .atMost(PATIENCE)
                .until(() -> redis.opsForHash().hasKey(GuardKeys.seats(sale), GuardKeys.EPOCH)
                        || Boolean.TRUE.equals(redis.hasKey(GuardKeys.epoch(sale))));
    }

    private void lose(String sale) {
        redis.delete(List.of(
                GuardKeys.epoch(sale),
                GuardKeys.seats(sale),
                GuardKeys.coupons(sale),
                GuardKeys.buyers(sale),
                GuardKeys.pending(sale)));
    }

    private ReservationHeld hold(PerformanceId sale, BuyerId buyer, int seat) {
        return commands.sendAndWait(TestSale.hold(ReservationId.next(), sale, buyer, seat, null), 10, TimeUnit.SECONDS);
    }

    private SeatClaims claim(PerformanceId sale, ReservationId reservation, int... numbers) {
        return get(seats.claim(request(sale, reservation, buyerOf(reservation), clock.instant(), numbers)));
    }

    /** Each reservation has a buyer of its own, so that no limit is reached by accident. */
    private static BuyerId buyerOf(ReservationId reservation) {
        return BuyerId.of("buyer-of-" + reservation);
    }

    private static SeatGuard.Request request(
            PerformanceId sale, ReservationId reservation, BuyerId buyer, Instant now, int... numbers) {
        List<SeatLabel> labels =
                java.util.Arrays.stream(numbers).mapToObj(TestSale::label).toList();
        return new SeatGuard.Request(sale, reservation, buyer, labels, 4, now);
    }

    private CouponClaim claim(CampaignId campaign, CouponId coupon, BuyerId buyer) {
        return get(coupons.claim(campaign, coupon, buyer, clock.instant()));
    }

    private static RefusalCode refusal(Runnable order) {
        try {
            order.run();
        } catch (RefusedException refused) {
            return refused.code();
        }
        throw new AssertionError("expected a refusal");
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    }
}
