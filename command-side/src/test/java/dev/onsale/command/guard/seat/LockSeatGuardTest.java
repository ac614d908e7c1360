package dev.onsale.command.guard.seat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.api.BuyerId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import dev.onsale.command.CommandSideHost;
import dev.onsale.command.guard.TestSale;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Away;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Busy;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Granted;
import dev.onsale.command.guard.state.GuardKeys;
import dev.onsale.testsupport.TestDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.redisson.api.RLock;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

/** What the locks of a claim do while another node has them, or had them and died. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("services")
class LockSeatGuardTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    /** Shorter than the lease, so that what is free by then was given back. */
    private static final Duration AT_ONCE = Duration.ofMillis(1_500);

    private static final long OTHER_NODE = 77;

    private final ConfigurableApplicationContext host =
            CommandSideHost.start(TestDatabase.fresh(), "--onsale.command.guard.strategy=redisson-lock");
    private final SeatGuard guard = host.getBean(SeatGuard.class);
    private final StringRedisTemplate redis = host.getBean(StringRedisTemplate.class);
    private final RedissonLocks otherNode = new RedissonLocks(host.getBean(LettuceConnectionFactory.class));
    private final PerformanceId sale = PerformanceId.next();

    @BeforeAll
    void goOnSale() {
        Clock clock = host.getBean(Clock.class);
        host.getBean(CommandGateway.class)
                .sendAndWait(TestSale.schedule(sale, 20, Duration.ofMinutes(5), clock.instant()), 10, TimeUnit.SECONDS);
        await("the guard of a new sale").atMost(PATIENCE).until(() -> !(claim(20) instanceof Away));
    }

    @AfterAll
    void stop() {
        otherNode.close();
        host.close();
    }

    @Test
    void a_claim_that_waits_too_long_for_a_lock_is_told_so_counted_and_takes_nothing() {
        RLock lock = lockedByOtherNode(1, Duration.ofSeconds(30));
        double before = timeouts();
        assertThat(claim(1)).isInstanceOf(Busy.class);
        assertThat(timeouts()).isEqualTo(before + 1);
        get(lock.unlockAsync(OTHER_NODE));
        assertThat(claim(1)).isEqualTo(new Granted(List.of(1L)));
    }

    @Test
    void locks_are_given_back_with_the_claim_and_not_kept_for_the_hold() {
        assertThat(claim(2)).isInstanceOf(Granted.class);
        await("the locks to be free").atMost(AT_ONCE).until(() -> redis.keys(GuardKeys.lock(sale.toString(), "*"))
                .isEmpty());
    }

    @Test
    void a_lock_whose_holder_died_is_free_after_its_lease() {
        lockedByOtherNode(3, Duration.ofMillis(500));
        // A claim waits longer than the lease, but on a busy machine it may give up first.
        await("the lock of a dead holder").atMost(PATIENCE).untilAsserted(() -> assertThat(claim(3))
                .isEqualTo(new Granted(List.of(1L))));
    }

    private RLock lockedByOtherNode(int seat, Duration lease) {
        RLock lock = otherNode.inOrder(sale, List.of(TestSale.label(seat).value()));
        assertThat(get(lock.tryLockAsync(0, lease.toMillis(), TimeUnit.MILLISECONDS, OTHER_NODE)))
                .isTrue();
        return lock;
    }

    private double timeouts() {
        return host.getBean(MeterRegistry.class)
                .get("reservation.lock.timeout")
                .counter()
                .count();
    }

    private SeatClaims claim(int seat) {
        ReservationId reservation = ReservationId.next();
        SeatLabel label = TestSale.label(seat);
        return get(guard.claim(new SeatGuard.Request(
                sale,
                reservation,
                BuyerId.of("buyer-of-" + reservation),
                List.of(label),
                4,
                host.getBean(Clock.class).instant())));
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }
}
