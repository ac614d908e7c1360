package dev.onsale.command.guard.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.ReservationId;
import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.api.reservation.CancelReservation;
import dev.onsale.api.reservation.ConfirmReservation;
import dev.onsale.api.reservation.RequestPayment;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.command.CommandSideHost;
import dev.onsale.command.guard.TestSale;
import dev.onsale.command.guard.coupon.CouponGuard;
import dev.onsale.command.guard.coupon.CouponGuard.CouponClaim;
import dev.onsale.command.guard.seat.SeatGuard;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Granted;
import dev.onsale.command.guard.state.GuardDifference;
import dev.onsale.command.guard.state.GuardFacts;
import dev.onsale.command.guard.state.GuardKeys;
import dev.onsale.command.guard.state.GuardReports;
import dev.onsale.command.guard.state.RebuildReport;
import dev.onsale.command.guard.state.ReconciliationReport;
import dev.onsale.command.guard.state.ReconciliationReport.State;
import dev.onsale.testsupport.TestDatabase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.core.StringRedisTemplate;

/** Guards broken on purpose, in every way in which Redis can be wrong, while selling goes on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("services")
class ReconcilerTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration CLAIM = Duration.ofSeconds(4);

    private final ConfigurableApplicationContext host =
            CommandSideHost.start(TestDatabase.fresh(), "--onsale.command.claim-duration=" + CLAIM);
    private final Reconciler reconciler = host.getBean(Reconciler.class);
    private final GuardReports reports = host.getBean(GuardReports.class);
    private final SeatGuard seats = host.getBean(SeatGuard.class);
    private final CouponGuard coupons = host.getBean(CouponGuard.class);
    private final CommandGateway commands = host.getBean(CommandGateway.class);
    private final StringRedisTemplate redis = host.getBean(StringRedisTemplate.class);
    private final Clock clock = host.getBean(Clock.class);

    @AfterAll
    void stop() {
        host.close();
    }

    @Test
    void whatever_is_wrong_with_seats_and_buyers_is_repaired_and_sellers_notice_nothing() throws Exception {
        PerformanceId sale = onSale();
        List<ReservationHeld> held = new ArrayList<>();
        for (int seat = 1; seat <= 20; seat++) {
            held.add(hold(sale, seat));
        }
        commands.sendAndWait(
                new CancelReservation(held.get(17).reservationId(), sale, buyer(18)), 10, TimeUnit.SECONDS);
        PaymentId payment = PaymentId.next();
        commands.sendAndWait(
                new RequestPayment(
                        held.get(18).reservationId(), sale, buyer(19), payment, new PaymentMethod.Card("tok_approved")),
                10,
                TimeUnit.SECONDS);
        commands.sendAndWait(new ConfirmReservation(held.get(18).reservationId(), sale, payment), 10, TimeUnit.SECONDS);
        awaitOld();
        assertThat(reconcile(sale.toString()).repaired())
                .as("before anything is broken")
                .isEmpty();

        String farAway = Long.toString(clock.instant().plusSeconds(3_600).toEpochMilli());
        String nobody = ReservationId.next().toString();
        String key = GuardKeys.seats(sale.toString());
        redis.opsForHash().delete(key, label(1), label(2), label(19));
        redis.opsForHash().put(key, label(50), "H|" + nobody + "|1|" + farAway + "|0");
        redis.opsForHash().put(key, label(51), "C|" + nobody + "|1|" + farAway + "|-1");
        redis.opsForHash().put(key, label(3), "A||1|0|7");
        redis.opsForHash().put(key, label(4), "A||1|0|0");
        redis.opsForHash().put(key, label(5), "no script wrote this");
        redis.opsForHash().put(key, "no seat", "A||1|0|0");
        redis.opsForHash().put(key, label(18), "H|" + held.get(17).reservationId() + "|1|" + farAway + "|0");
        redis.opsForHash().delete(key, GuardKeys.buyerField(buyer(6)));
        redis.opsForHash().put(key, GuardKeys.buyerField(buyer(7)), "0|4|");
        redis.opsForHash().put(key, GuardKeys.buyerField(buyer(99)), "3|4|");
        redis.opsForHash().put(key, GuardKeys.buyerField(buyer(8)), "0|1|" + nobody + ",3," + farAway + ";");
        ReservationId underWay = ReservationId.next();
        assertThat(claim(sale, underWay, 60)).isInstanceOf(Granted.class);

        Selling selling = new Selling(sale);
        ReconciliationReport report = reconcile(sale.toString());
        assertThat(redis.opsForHash().get(key, label(60)))
                .as("a claim whose command is under way")
                .asString()
                .startsWith("C|" + underWay);
        selling.stop();

        assertThat(report.repaired())
                .isEqualTo(Map.of(
                        GuardDifference.SEAT_BEHIND, 4L,
                        GuardDifference.SEAT_AHEAD, 2L,
                        GuardDifference.SEAT_WRONG, 1L,
                        GuardDifference.SEAT_CLAIM_ORPHANED, 1L,
                        GuardDifference.FIELD_UNREADABLE, 2L,
                        GuardDifference.BUYER_BEHIND, 1L,
                        GuardDifference.BUYER_WRONG, 1L,
                        GuardDifference.BUYER_AHEAD, 1L,
                        GuardDifference.BUYER_CLAIM_ORPHANED, 1L));
        awaitOld();
        Map<GuardDifference, Long> lapsed = reconcile(sale.toString()).repaired();
        assertThat(lapsed.keySet())
                .as("only the claim that no command ever followed")
                .isEqualTo(java.util.Set.of(GuardDifference.SEAT_CLAIM_ORPHANED, GuardDifference.BUYER_CLAIM_ORPHANED));
        assertThat(reconcile(sale.toString()).repaired())
                .as("when nothing is wrong any more")
                .isEmpty();
    }

    @Test
    void whatever_is_wrong_with_coupons_is_repaired() {
        CampaignId campaign = CampaignId.next();
        String sale = campaign.toString();
        commands.sendAndWait(TestSale.launch(campaign, 50, clock.instant()), 10, TimeUnit.SECONDS);
        for (int buyer = 1; buyer <= 30; buyer++) {
            commands.sendAndWait(TestSale.issue(campaign, buyer(buyer)), 10, TimeUnit.SECONDS);
        }
        await("the coupons in the guard").atMost(PATIENCE).until(() -> Long.valueOf(30)
                .equals(redis.opsForZSet().zCard(GuardKeys.coupons(sale))));
        awaitOld();
        assertThat(reconcile(sale).repaired()).as("before anything is broken").isEmpty();

        Instant farAway = clock.instant().plusSeconds(3_600);
        redis.opsForZSet().removeRange(GuardKeys.coupons(sale), 0, 1);
        redis.opsForZSet().add(GuardKeys.coupons(sale), CouponId.next().toString(), 40);
        redis.opsForZSet().add(GuardKeys.coupons(sale), CouponId.next().toString(), 5);
        redis.opsForHash().put(GuardKeys.buyers(sale), buyer(3).value(), "5");
        redis.opsForHash().delete(GuardKeys.buyers(sale), buyer(4).value());
        redis.opsForHash().put(GuardKeys.buyers(sale), "stranger", "1");
        redis.opsForZSet().add(GuardKeys.pending(sale), CouponId.next() + "|ghost", (double) farAway.toEpochMilli());
        redis.opsForHash().put(GuardKeys.buyers(sale), "ghost", "1");
        redis.opsForValue().set(GuardKeys.epoch(sale), "9999|7");
        CouponId underWay = CouponId.next();
        assertThat(get(coupons.claim(campaign, underWay, buyer(70), clock.instant())))
                .isEqualTo(CouponClaim.GRANTED);

        ReconciliationReport report = reconcile(sale);
        assertThat(report.repaired())
                .isEqualTo(Map.of(
                        GuardDifference.COUPON_MISSING, 2L,
                        GuardDifference.COUPON_UNKNOWN, 2L,
                        GuardDifference.COUPON_CLAIM_ORPHANED, 1L,
                        // Two of them because the guard counted the coupons that it got back once more.
                        GuardDifference.COUPON_COUNT_WRONG, 5L,
                        GuardDifference.CAMPAIGN_TERMS_WRONG, 1L));
        assertThat(redis.opsForZSet().score(GuardKeys.pending(sale), underWay + "|" + buyer(70)))
                .as("a claim whose command is under way")
                .isNotNull();
        assertThat(redis.opsForHash().get(GuardKeys.buyers(sale), buyer(70).value()))
                .isEqualTo("1");
        assertThat(redis.opsForZSet().zCard(GuardKeys.coupons(sale))).isEqualTo(30);
        assertThat(get(coupons.claim(campaign, CouponId.next(), buyer(4), clock.instant())))
                .isEqualTo(CouponClaim.ALREADY_ISSUED);
    }

    @Test
    void a_lost_guard_is_not_repaired_but_rebuilt_with_figures() {
        PerformanceId sale = onSale();
        hold(sale, 1);
        hold(sale, 2);
        redis.delete(GuardKeys.seats(sale.toString()));
        assertThat(reconcile(sale.toString()).state()).isEqualTo(State.GUARD_LOST);
        await("the rebuild").atMost(PATIENCE).until(() -> get(reports.rebuild(sale.toString()))
                .filter(rebuild -> rebuild.state() == RebuildReport.State.DONE)
                .isPresent());
        RebuildReport rebuild = get(reports.rebuild(sale.toString())).orElseThrow();
        assertThat(rebuild.restored()).isEqualTo(2);
        assertThat(rebuild.buyersRestored()).isEqualTo(2);
        assertThat(rebuild.eventsRead()).isEqualTo(4);
    }

    @Test
    void a_guard_lost_again_while_it_is_rebuilt_is_not_declared_whole() {
        PerformanceId sale = onSale();
        GuardFacts facts = host.getBean(GuardFacts.class);
        redis.delete(GuardKeys.seats(sale.toString()));
        get(facts.markSeats(sale, "this rebuild"));
        redis.delete(GuardKeys.seats(sale.toString()));
        assertThat(get(facts.completeSeats(sale, "this rebuild"))).isZero();
        assertThat(redis.opsForHash().hasKey(GuardKeys.seats(sale.toString()), GuardKeys.EPOCH))
                .isFalse();
    }

    @Test
    void one_node_at_a_time_compares_a_guard() {
        PerformanceId sale = onSale();
        redis.opsForValue().set(GuardKeys.reconciling(sale.toString()), "another node");
        assertThat(reconciler.begin(sale.toString()).state()).isEqualTo(State.RUNNING);
        assertThat(get(reports.reconciliation(sale.toString())))
                .as("nothing was begun here")
                .isEmpty();
        redis.delete(GuardKeys.reconciling(sale.toString()));
        assertThat(reconcile(sale.toString()).state()).isEqualTo(State.DONE);
    }

    @Test
    void a_sale_that_nobody_knows_has_no_guard() {
        assertThatThrownBy(() -> reconciler.begin("made-up"))
                .isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(refused.code())
                        .isEqualTo(RefusalCode.SALE_NOT_FOUND));
    }

    @Test
    void guards_are_compared_at_an_interval_without_being_asked() {
        TestDatabase database = TestDatabase.fresh();
        try (ConfigurableApplicationContext other = CommandSideHost.start(
                database,
                "--onsale.command.claim-duration=PT1S",
                "--onsale.command.guard.reconciliation-interval=PT1S")) {
            PerformanceId sale = PerformanceId.next();
            other.getBean(CommandGateway.class)
                    .sendAndWait(
                            TestSale.schedule(sale, 10, Duration.ofMinutes(5), clock.instant()), 10, TimeUnit.SECONDS);
            String key = GuardKeys.seats(sale.toString());
            await("the guard of a new sale").atMost(PATIENCE).until(() -> redis.opsForHash()
                    .hasKey(key, GuardKeys.EPOCH));
            redis.opsForHash().put(key, label(3), "B|nobody|1|0|9");
            await("the repair").atMost(PATIENCE).until(() -> "A||1|0|-1"
                    .equals(redis.opsForHash().get(key, label(3))));
        }
    }

    /** Buyers who hold and cancel, all the time, each on a seat of their own: none may be refused. */
    private final class Selling {

        private static final int SELLERS = 8;
        private final AtomicBoolean over = new AtomicBoolean();
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        private final List<Future<Integer>> sellers = new ArrayList<>();

        Selling(PerformanceId sale) {
            for (int seller = 0; seller < SELLERS; seller++) {
                int seat = 100 + seller;
                sellers.add(threads.submit(() -> {
                    int sold = 0;
                    while (!over.get()) {
                        ReservationHeld held = holdThroughTheGuard(sale, seat);
                        commands.sendAndWait(
                                new CancelReservation(held.reservationId(), sale, buyer(seat)), 10, TimeUnit.SECONDS);
                        get(seats.freed(sale, held.reservationId(), buyer(seat), List.of(TestSale.label(seat))));
                        sold++;
                    }
                    return sold;
                }));
            }
        }

        void stop() throws Exception {
            over.set(true);
            for (Future<Integer> seller : sellers) {
                assertThat(seller.get(30, TimeUnit.SECONDS)).isPositive();
            }
            threads.shutdown();
        }
    }

    private ReservationHeld holdThroughTheGuard(PerformanceId sale, int seat) {
        ReservationId reservation = ReservationId.next();
        if (!(claim(sale, reservation, seat) instanceof Granted granted)) {
            throw new AssertionError("seat " + seat + " is refused to its only buyer");
        }
        return commands.sendAndWait(
                TestSale.hold(
                        reservation,
                        sale,
                        buyer(seat),
                        seat,
                        granted.fencingTokens().getFirst()),
                10,
                TimeUnit.SECONDS);
    }

    private SeatGuard.SeatClaims claim(PerformanceId sale, ReservationId reservation, int seat) {
        return get(seats.claim(new SeatGuard.Request(
                sale, reservation, buyer(seat), List.of(TestSale.label(seat)), 4, clock.instant())));
    }

    private PerformanceId onSale() {
        PerformanceId id = PerformanceId.next();
        commands.sendAndWait(TestSale.schedule(id, 200, Duration.ofMinutes(5), clock.instant()), 10, TimeUnit.SECONDS);
        await("the guard of a new sale").atMost(PATIENCE).until(() -> redis.opsForHash()
                .hasKey(GuardKeys.seats(id.toString()), GuardKeys.EPOCH));
        return id;
    }

    private ReservationHeld hold(PerformanceId sale, int seat) {
        ReservationHeld held = commands.sendAndWait(
                TestSale.hold(ReservationId.next(), sale, buyer(seat), seat, null), 10, TimeUnit.SECONDS);
        await("the guard to follow").atMost(PATIENCE).until(() -> redis.opsForHash()
                .hasKey(GuardKeys.seats(sale.toString()), GuardKeys.buyerField(buyer(seat))));
        return held;
    }

    /** Until what was written so far is older than anything that may still be on its way. */
    private void awaitOld() {
        Instant old = clock.instant().plus(CLAIM).plusMillis(200);
        await("everything to be old").atMost(PATIENCE).until(() -> clock.instant()
                .isAfter(old));
    }

    private ReconciliationReport reconcile(String sale) {
        await("the one before to be over").atMost(PATIENCE).until(() -> !redis.hasKey(GuardKeys.reconciling(sale)));
        Instant begun = reconciler.begin(sale).startedAt();
        await("the reconciliation").atMost(PATIENCE).until(() -> get(reports.reconciliation(sale))
                .filter(report ->
                        report.state() != State.RUNNING && report.startedAt().equals(begun))
                .isPresent());
        return get(reports.reconciliation(sale)).orElseThrow();
    }

    private static String label(int seat) {
        return TestSale.label(seat).value();
    }

    private static BuyerId buyer(int number) {
        return BuyerId.of("buyer-" + number);
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    }
}
