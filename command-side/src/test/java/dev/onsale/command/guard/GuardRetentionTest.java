package dev.onsale.command.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.coupon.CloseCampaign;
import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.api.performance.SchedulePerformance;
import dev.onsale.api.reservation.ConfirmReservation;
import dev.onsale.api.reservation.RequestPayment;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.command.CommandSideHost;
import dev.onsale.command.guard.reconcile.Reconciler;
import dev.onsale.command.guard.seat.SeatGuard;
import dev.onsale.command.guard.state.GuardKeys;
import dev.onsale.command.guard.state.GuardReports;
import dev.onsale.command.guard.state.ReconciliationReport;
import dev.onsale.command.http.Ask;
import dev.onsale.eventlog.StoredEvents;
import dev.onsale.testsupport.TestDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.core.StringRedisTemplate;

/** A guard lives as long as something of its sale can be claimed, and a while longer. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("services")
class GuardRetentionTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration RETENTION = Duration.ofHours(1);
    private static final BuyerId ALICE = BuyerId.of("alice");

    /** Later than every sale of these tests, its retention included. */
    private static final Duration LONG_AFTER = Duration.ofDays(3);

    private final MovedClock clock = new MovedClock();
    private final ConfigurableApplicationContext host =
            CommandSideHost.start(TestDatabase.fresh(), clock, "--onsale.command.guard.retention=" + RETENTION);
    private final Ask ask = new Ask(HttpClient.newHttpClient(), host);
    private final CommandGateway commands = host.getBean(CommandGateway.class);
    private final Reconciler reconciler = host.getBean(Reconciler.class);
    private final GuardReports reports = host.getBean(GuardReports.class);
    private final StringRedisTemplate redis = host.getBean(StringRedisTemplate.class);

    private static final class MovedClock extends Clock {

        private volatile Duration ahead = Duration.ZERO;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Clock.tickMillis(ZoneOffset.UTC).instant().plus(ahead);
        }
    }

    @BeforeEach
    void now() {
        clock.ahead = Duration.ZERO;
    }

    @AfterAll
    void stop() {
        host.close();
    }

    @Test
    void the_guard_of_a_performance_is_removed_some_time_after_its_end() {
        PerformanceId sale = scheduled();
        hold(sale, 1);
        awaitKey(GuardKeys.seats(sale.toString()));
        // The show starts in 24 hours, a hold lasts 5 minutes, and a payment 2 minutes.
        Duration end = Duration.ofHours(24).plusMinutes(7);
        clock.ahead = end.plus(RETENTION).minusSeconds(30);
        reconciler.round();
        assertThat(keys(sale)).as("within the retention").isNotEmpty();
        clock.ahead = end.plus(RETENTION).plusSeconds(30);
        reconciler.round();
        assertThat(keys(sale)).isEmpty();
    }

    @Test
    void the_guard_of_a_campaign_is_removed_some_time_after_its_end() {
        CampaignId campaign = launched();
        commands.sendAndWait(TestSale.issue(campaign, ALICE), 10, TimeUnit.SECONDS);
        awaitKey(GuardKeys.coupons(campaign.toString()));
        clock.ahead = Duration.ofHours(1).plus(RETENTION).minusSeconds(30);
        reconciler.round();
        assertThat(keys(campaign)).isNotEmpty();
        clock.ahead = Duration.ofHours(1).plus(RETENTION).plusSeconds(30);
        reconciler.round();
        assertThat(keys(campaign)).isEmpty();
    }

    @Test
    void only_live_sales_are_compared() throws Exception {
        PerformanceId performance = scheduled();
        CampaignId campaign = launched();
        awaitKey(GuardKeys.seats(performance.toString()));
        awaitKey(GuardKeys.epoch(campaign.toString()));
        reconciler.round();
        assertThat(compared(performance.toString())).isTrue();
        assertThat(compared(campaign.toString())).isTrue();
        redis.delete(Set.of(
                GuardKeys.report(performance.toString(), GuardReports.RECONCILIATION),
                GuardKeys.report(campaign.toString(), GuardReports.RECONCILIATION)));
        clock.ahead = Duration.ofHours(24).plusMinutes(10);
        reconciler.round();
        assertThat(compared(performance.toString())).as("over, and still kept").isFalse();
    }

    @Test
    void late_requests_are_refused_for_what_they_are_and_bring_no_guard_back() throws Exception {
        PerformanceId performance = scheduled();
        CampaignId campaign = launched();
        awaitKey(GuardKeys.seats(performance.toString()));
        clock.ahead = LONG_AFTER;
        reconciler.round();
        long rebuilds = rebuilds();
        for (int times = 0; times < 5; times++) {
            assertThat(code("/api/performances/" + performance + "/reservations", "{\"seats\":[\"A-1\"]}"))
                    .isEqualTo("SALE_CLOSED");
            assertThat(code("/api/performances/" + performance + "/reservations", "{\"quantity\":1}"))
                    .isEqualTo("SALE_CLOSED");
            assertThat(code("/api/campaigns/" + campaign + "/coupons", null)).isEqualTo("CAMPAIGN_CLOSED");
        }
        assertThat(rebuilds()).isEqualTo(rebuilds);
        assertThat(keys(performance)).isEmpty();
        assertThat(keys(campaign)).isEmpty();
    }

    @Test
    void a_booking_that_is_cancelled_long_after_the_sale_frees_its_seat_and_brings_no_guard_back() throws Exception {
        PerformanceId performance = PerformanceId.next();
        SchedulePerformance order = TestSale.schedule(performance, 5, Duration.ofMinutes(5), clock.instant());
        commands.sendAndWait(cancellableUntil(order, clock.instant().plus(Duration.ofDays(30))), 10, TimeUnit.SECONDS);
        ReservationHeld held = hold(performance, 1);
        PaymentId payment = PaymentId.next();
        commands.sendAndWait(
                new RequestPayment(
                        held.reservationId(), performance, ALICE, payment, new PaymentMethod.Card("tok_approved")),
                10,
                TimeUnit.SECONDS);
        commands.sendAndWait(new ConfirmReservation(held.reservationId(), performance, payment), 10, TimeUnit.SECONDS);
        awaitKey(GuardKeys.seats(performance.toString()));
        clock.ahead = LONG_AFTER;
        reconciler.round();
        assertThat(ask.delete(ALICE.value(), "/api/reservations/" + held.reservationId())
                        .said()
                        .status())
                .isEqualTo(200);
        StoredEvents events = host.getBean(StoredEvents.class);
        assertThat(events.newestOf(Set.of(performance + ":A-1"), 1).getFirst().type())
                .isEqualTo("onsale.seat-freed");
        await("the mark of the cancellation to end, and no guard")
                .atMost(PATIENCE)
                .until(() -> keys(performance).isEmpty());
        await("the follower").during(Duration.ofSeconds(1)).atMost(PATIENCE).until(() -> keys(performance)
                .isEmpty());
    }

    @Test
    void a_campaign_that_an_operator_closed_is_refused_by_its_guard_and_then_by_one_small_key() throws Exception {
        CampaignId campaign = launched();
        commands.sendAndWait(TestSale.issue(campaign, ALICE), 10, TimeUnit.SECONDS);
        commands.sendAndWait(new CloseCampaign(campaign), 10, TimeUnit.SECONDS);
        String epoch = GuardKeys.epoch(campaign.toString());
        await("the closed guard")
                .atMost(PATIENCE)
                .until(() -> String.valueOf(redis.opsForValue().get(epoch)).endsWith("|closed"));
        assertThat(code("/api/campaigns/" + campaign + "/coupons", null)).isEqualTo("CAMPAIGN_CLOSED");
        assertThat(redis.opsForZSet().zCard(GuardKeys.pending(campaign.toString())))
                .as("no claim went to the writer")
                .isZero();

        clock.ahead = Duration.ofMinutes(30);
        reconciler.round();
        assertThat(redis.opsForValue().get(epoch)).as("within the retention").endsWith("|closed");
    }

    @Test
    void the_guard_of_a_campaign_that_was_closed_early_is_removed_before_the_campaigns_end() throws Exception {
        CampaignId campaign = CampaignId.next();
        commands.sendAndWait(
                TestSale.launch(campaign, 5, clock.instant().plus(Duration.ofDays(30))), 10, TimeUnit.SECONDS);
        String epoch = GuardKeys.epoch(campaign.toString());
        awaitKey(epoch);
        commands.sendAndWait(new CloseCampaign(campaign), 10, TimeUnit.SECONDS);
        await("the closed guard")
                .atMost(PATIENCE)
                .until(() -> String.valueOf(redis.opsForValue().get(epoch)).endsWith("|closed"));
        clock.ahead = RETENTION.plus(Duration.ofMinutes(1));
        reconciler.round();
        assertThat(redis.opsForValue().get(epoch)).isEqualTo("closed");
        assertThat(code("/api/campaigns/" + campaign + "/coupons", null)).isEqualTo("CAMPAIGN_CLOSED");
        reconciler.round();
        assertThat(redis.opsForValue().get(epoch)).as("not read again").isEqualTo("closed");

        redis.delete(epoch);
        long rebuilds = rebuilds();
        for (int times = 0; times < 5; times++) {
            assertThat(code("/api/campaigns/" + campaign + "/coupons", null)).isEqualTo("CAMPAIGN_CLOSED");
        }
        assertThat(rebuilds()).as("read once after Redis was lost").isEqualTo(rebuilds + 1);
    }

    /** As a sale that is prolonged: its guard comes back with the first buyer. */
    @Test
    void a_removed_guard_is_rebuilt_when_its_sale_is_live_again() {
        PerformanceId performance = scheduled();
        ReservationHeld held = hold(performance, 1);
        awaitKey(GuardKeys.seats(performance.toString()));
        clock.ahead = LONG_AFTER;
        reconciler.round();
        assertThat(keys(performance)).isEmpty();
        clock.ahead = Duration.ZERO;
        GuardProbe probe = GuardProbe.of(host);
        await("the guard")
                .atMost(PATIENCE)
                .until(() -> probe.saysOf(performance, TestSale.label(1)) instanceof SeatGuard.SeatClaims.Taken);
        assertThat(held.seats()).hasSize(1);
    }

    private PerformanceId scheduled() {
        PerformanceId id = PerformanceId.next();
        commands.sendAndWait(TestSale.schedule(id, 20, Duration.ofMinutes(5), clock.instant()), 10, TimeUnit.SECONDS);
        return id;
    }

    private CampaignId launched() {
        CampaignId id = CampaignId.next();
        commands.sendAndWait(TestSale.launch(id, 5, clock.instant()), 10, TimeUnit.SECONDS);
        return id;
    }

    private ReservationHeld hold(PerformanceId sale, int seat) {
        return commands.sendAndWait(TestSale.hold(ReservationId.next(), sale, ALICE, seat, null), 10, TimeUnit.SECONDS);
    }

    private static SchedulePerformance cancellableUntil(SchedulePerformance order, Instant until) {
        return new SchedulePerformance(
                order.performanceId(),
                order.title(),
                order.startsAt(),
                order.seatingPlan(),
                order.priceZones(),
                order.saleOpensAt(),
                order.saleClosesAt(),
                order.maxSeatsPerBuyer(),
                order.holdDuration(),
                order.waitingRoom(),
                null,
                null,
                until);
    }

    private String code(String path, @Nullable String body) throws Exception {
        Ask.Answer answer =
                ask.post("buyer-" + UUID.randomUUID(), UUID.randomUUID().toString(), path, body);
        assertThat(answer.said().status()).as("%s", answer.said()).isEqualTo(409);
        return answer.said().code();
    }

    private boolean compared(String sale) throws Exception {
        Optional<ReconciliationReport> report =
                reports.reconciliation(sale).toCompletableFuture().get(10, TimeUnit.SECONDS);
        return report.isPresent();
    }

    private Set<String> keys(Object sale) {
        return redis.keys("onsale:{" + sale + "}:guard:*");
    }

    private void awaitKey(String key) {
        await("the guard").atMost(PATIENCE).until(() -> Boolean.TRUE.equals(redis.hasKey(key)));
    }

    private long rebuilds() {
        return host.getBean(MeterRegistry.class).find("onsale.guard.rebuild").timers().stream()
                .mapToLong(Timer::count)
                .sum();
    }
}
