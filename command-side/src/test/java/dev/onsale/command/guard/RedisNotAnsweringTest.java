package dev.onsale.command.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.command.SilentPort;
import dev.onsale.command.guard.coupon.CouponGuard.CouponClaim;
import dev.onsale.command.guard.coupon.LuaCouponGuard;
import dev.onsale.command.guard.coupon.SoldOutCache;
import dev.onsale.command.guard.rebuild.GuardRebuild;
import dev.onsale.command.guard.seat.LuaSeatGuard;
import dev.onsale.command.guard.seat.SeatClaimRelease;
import dev.onsale.command.guard.seat.SeatGuard;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Away;
import dev.onsale.command.guard.state.GuardFacts;
import dev.onsale.command.guard.state.GuardMetrics;
import dev.onsale.command.guard.state.GuardRedis;
import dev.onsale.command.guard.state.GuardRemoval;
import dev.onsale.command.guard.state.GuardReports;
import dev.onsale.command.guard.state.GuardRetention;
import dev.onsale.eventlog.StoredEvents;
import dev.onsale.testsupport.TestServices;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** One thread stands for an event loop: whatever Redis does not do, the thread is free again at once. */
@Tag("services")
class RedisNotAnsweringTest {

    /** Far below every time-out of a connection, far above what a busy machine needs for a call that does not wait. */
    private static final Duration AT_ONCE = Duration.ofMillis(500);

    private static final int CLAIMS = 200;
    private static final PerformanceId SALE = PerformanceId.next();

    private final ExecutorService eventLoop = Executors.newSingleThreadExecutor();
    private final List<AutoCloseable> toClose = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        eventLoop.shutdownNow();
        for (AutoCloseable one : toClose.reversed()) {
            one.close();
        }
    }

    @Test
    void a_redis_that_accepts_and_never_answers_holds_no_event_loop() throws Exception {
        claimsAreAwayAtOnce(redisAt("127.0.0.1", silentPort().port()));
    }

    @Test
    void a_redis_that_cannot_be_routed_to_holds_no_event_loop() throws Exception {
        // 192.0.2.0/24 is for documentation and is routed nowhere.
        claimsAreAwayAtOnce(redisAt("192.0.2.1", 6379));
    }

    @Test
    void a_redis_that_refuses_connections_holds_no_event_loop() throws Exception {
        int port;
        try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = nobody.getLocalPort();
        }
        claimsAreAwayAtOnce(redisAt("127.0.0.1", port));
    }

    @Test
    void a_redis_that_stops_answering_holds_no_event_loop() throws Exception {
        SilentPort port = silentPort();
        port.answer(true);
        GuardRedis redis = redisAt("127.0.0.1", port.port());
        redis.afterPropertiesSet();
        port.answer(false);
        LuaSeatGuard guard = seats(redis);
        assertThat(onEventLoop(() -> guard.claim(request()).toCompletableFuture()))
                .allSatisfy(claim -> assertThat(claim.get(10, TimeUnit.SECONDS)).isInstanceOf(Away.class));
    }

    @Test
    void the_guard_connects_by_itself_when_redis_answers_again() throws Exception {
        SilentPort port = silentPort();
        GuardRedis redis = redisAt("127.0.0.1", port.port());
        assertThat(ping(redis)).isNull();
        port.answer(true);
        await("the connection").atMost(Duration.ofSeconds(60)).until(() -> "PONG".equals(ping(redis)));
    }

    private void claimsAreAwayAtOnce(GuardRedis redis) throws Exception {
        LuaSeatGuard seats = seats(redis);
        for (CompletableFuture<SeatClaims> claim :
                onEventLoop(() -> seats.claim(request()).toCompletableFuture())) {
            assertThat(claim.get(AT_ONCE.toMillis(), TimeUnit.MILLISECONDS)).isInstanceOf(Away.class);
        }
        LuaCouponGuard coupons = new LuaCouponGuard(
                redis, rebuild(redis), metrics(), new SoldOutCache(redis, Duration.ZERO), Duration.ofSeconds(10));
        for (CompletableFuture<CouponClaim> claim : onEventLoop(() -> coupons.claim(
                        CampaignId.next(),
                        CouponId.next(),
                        BuyerId.of("alice"),
                        Clock.systemUTC().instant())
                .toCompletableFuture())) {
            assertThat(claim.get(AT_ONCE.toMillis(), TimeUnit.MILLISECONDS)).isEqualTo(CouponClaim.AWAY);
        }
    }

    /** Calls it many times on the one thread, and sees to it that the thread is never held for long. */
    private <T> List<T> onEventLoop(Supplier<T> call) throws Exception {
        List<Future<T>> answers = new ArrayList<>();
        for (int claim = 0; claim < CLAIMS; claim++) {
            answers.add(eventLoop.submit(call::get));
        }
        eventLoop.submit(() -> {}).get(AT_ONCE.toMillis(), TimeUnit.MILLISECONDS);
        List<T> got = new ArrayList<>();
        for (Future<T> answer : answers) {
            got.add(answer.get());
        }
        return got;
    }

    private SilentPort silentPort() throws Exception {
        SilentPort port = new SilentPort(
                TestServices.shared().redisHost(), TestServices.shared().redisPort());
        toClose.add(port);
        return port;
    }

    private GuardRedis redisAt(String host, int port) {
        LettuceClientConfiguration.LettuceClientConfigurationBuilder client = LettuceClientConfiguration.builder();
        new GuardConfiguration().failFastRedis().customize(client);
        LettuceConnectionFactory connections = new LettuceConnectionFactory(
                new RedisStandaloneConfiguration(host, port),
                client.commandTimeout(GuardRedis.TIMEOUT).build());
        connections.afterPropertiesSet();
        connections.start();
        toClose.add(connections::destroy);
        GuardRedis redis = new GuardRedis(connections);
        toClose.add(redis::destroy);
        return redis;
    }

    private static LuaSeatGuard seats(GuardRedis redis) {
        Duration claim = Duration.ofSeconds(10);
        return new LuaSeatGuard(
                redis, rebuild(redis), new SeatClaimRelease(redis, Clock.systemUTC(), claim), metrics(), claim);
    }

    private static GuardRebuild rebuild(GuardRedis redis) {
        return new GuardRebuild(
                new StoredEvents(JdbcClient.create(new DriverManagerDataSource())),
                new GuardFacts(redis),
                new GuardReports(redis),
                metrics(),
                new GuardRetention(Duration.ZERO, Duration.ZERO, Duration.ZERO, Clock.systemUTC()),
                new GuardRemoval(redis),
                Clock.systemUTC());
    }

    private static GuardMetrics metrics() {
        return new GuardMetrics(new SimpleMeterRegistry());
    }

    private static SeatGuard.Request request() {
        return new SeatGuard.Request(
                SALE,
                ReservationId.next(),
                BuyerId.of("alice"),
                List.of(TestSale.label(1)),
                4,
                Clock.systemUTC().instant());
    }

    private static @Nullable String ping(GuardRedis redis) {
        return redis.<String>call(commands -> commands.ping())
                .<@Nullable String>handle((pong, failure) -> pong)
                .toCompletableFuture()
                .orTimeout(5, TimeUnit.SECONDS)
                .join();
    }
}
