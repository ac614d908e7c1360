package dev.onsale.command.reservation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.ReservationId;
import dev.onsale.api.reservation.HoldSeats;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.command.CommandSideHost;
import dev.onsale.command.guard.TestSale;
import dev.onsale.command.guard.coupon.CouponGuard;
import dev.onsale.command.guard.coupon.CouponGuard.CouponClaim;
import dev.onsale.embedded.Service;
import dev.onsale.testsupport.TestDatabase;
import dev.onsale.testsupport.TestServices;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.ConfigurableApplicationContext;

/** Redis is gone: seats are sold by the store alone, a few at a time; coupons wait. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("services")
class WithoutGuardTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int AT_ONCE_MAX = 64;

    private final ConfigurableApplicationContext host = CommandSideHost.start(TestDatabase.fresh());
    private final HoldService desk = host.getBean(HoldService.class);
    private final CommandGateway commands = host.getBean(CommandGateway.class);
    private final Clock clock = host.getBean(Clock.class);

    @AfterAll
    void stop() {
        host.close();
    }

    @Test
    void without_redis_64_holds_at_once_are_decided_by_the_seats_and_coupons_answer_that_they_are_away()
            throws Exception {
        PerformanceId sale = PerformanceId.next();
        commands.sendAndWait(
                TestSale.schedule(sale, 300, Duration.ofMinutes(5), clock.instant()), 30, TimeUnit.SECONDS);
        CampaignId campaign = CampaignId.next();
        commands.sendAndWait(TestSale.launch(campaign, 10, clock.instant()), 30, TimeUnit.SECONDS);
        await("the guard to grant").atMost(PATIENCE).until(() -> outcome(sale, 300, 300) instanceof ReservationHeld);
        CountDownLatch writers = new CountDownLatch(1);
        TestServices.embedded().kill(Service.REDIS);
        try {
            await("Redis to be missed").atMost(PATIENCE).until(() -> claim(campaign) == CouponClaim.AWAY);
            host.getBean(CommandBus.class).registerHandlerInterceptor((unit, chain) -> {
                if (unit.getMessage().getPayload() instanceof HoldSeats && !writers.await(20, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("the writers were held for too long");
                }
                return chain.proceed();
            });
            List<CompletableFuture<Object>> answers = new ArrayList<>();
            for (int seat = 1; seat <= 100; seat++) {
                int number = seat;
                answers.add(
                        CompletableFuture.supplyAsync(() -> outcome(sale, number, number), task -> Thread.ofVirtual()
                                .start(task)));
            }
            await("the refusals")
                    .atMost(PATIENCE)
                    .until(() ->
                            answers.stream().filter(CompletableFuture::isDone).count() == 100 - AT_ONCE_MAX);
            writers.countDown();
            List<Object> outcomes = answers.stream()
                    .map(answer -> answer.orTimeout(30, TimeUnit.SECONDS).join())
                    .toList();
            assertThat(outcomes.stream().filter(ReservationHeld.class::isInstance))
                    .hasSize(AT_ONCE_MAX);
            assertThat(outcomes.stream().filter(RefusalCode.OVERLOADED::equals)).hasSize(100 - AT_ONCE_MAX);
            assertThat(outcome(sale, 200, 300)).as("taken when Redis was there").isEqualTo(RefusalCode.SEAT_TAKEN);
        } finally {
            writers.countDown();
            TestServices.embedded().startAgain(Service.REDIS);
        }
        await("coupons again").atMost(PATIENCE).until(() -> claim(campaign) == CouponClaim.GRANTED);
        await("seats through the guard, whole again")
                .atMost(PATIENCE)
                .until(() -> outcome(sale, 201, 201) instanceof ReservationHeld);
    }

    private CouponClaim claim(CampaignId campaign) {
        return host.getBean(CouponGuard.class)
                .claim(campaign, CouponId.next(), BuyerId.of("someone"), clock.instant())
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    private Object outcome(PerformanceId sale, int buyer, int seat) {
        try {
            return desk.hold(ReservationId.next(), sale, BuyerId.of("buyer-" + buyer), List.of(TestSale.label(seat)))
                    .toCompletableFuture()
                    .orTimeout(30, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof RefusedException refused) {
                return refused.code();
            }
            throw failure;
        }
    }
}
