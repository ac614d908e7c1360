package dev.onsale.platform.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.embedded.EmbeddedAddresses;
import dev.onsale.testsupport.TestServices;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Two nodes, one Redis, and time moved by hand. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("services")
class RateLimiterTest {

    private static final Limit TWENTY_IN_TEN_SECONDS = new Limit(20, Duration.ofSeconds(10));

    private final LettuceConnectionFactory redis = redis(TestServices.shared());
    private final HandMovedClock clock = new HandMovedClock();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final String client = UUID.randomUUID().toString();

    @AfterAll
    void stop() {
        redis.destroy();
    }

    @Test
    void a_full_bucket_grants_its_burst_and_then_as_much_as_flows_back() {
        RateLimiter limiter = node(10);
        assertThat(granted(limiter, "burst", 30)).isEqualTo(20);
        clock.pass(Duration.ofMillis(1_500));
        assertThat(granted(limiter, "burst", 30)).isEqualTo(3);
        clock.pass(Duration.ofHours(1));
        assertThat(granted(limiter, "burst", 30))
                .as("never more than a full bucket")
                .isEqualTo(20);
    }

    @Test
    void a_refusal_says_when_the_next_request_is_granted() {
        RateLimiter limiter = node(10);
        granted(limiter, "told", 20);
        RateLimitDecision refused = take(limiter, "told");
        assertThat(refused).isEqualTo(new RateLimitDecision(false, 0, 500, 10_000));
        clock.pass(Duration.ofMillis(499));
        assertThat(take(limiter, "told").granted()).isFalse();
        clock.pass(Duration.ofMillis(1));
        assertThat(take(limiter, "told").granted()).isTrue();
    }

    @Test
    void nodes_that_ask_for_every_request_grant_together_what_one_would() {
        RateLimiter one = node(0);
        RateLimiter other = node(0);
        warm(one, other);
        int granted = 0;
        for (int i = 0; i < 20; i++) {
            granted += granted(one, "shared", 1) + granted(other, "shared", 1);
        }
        assertThat(granted).isEqualTo(20);
        assertThat(take(other, "shared").granted()).isFalse();
    }

    @Test
    void nodes_that_count_by_themselves_grant_at_most_their_share_more() {
        RateLimiter one = node(10);
        RateLimiter other = node(10);
        warm(one, other);
        int granted = 0;
        for (int i = 0; i < 40; i++) {
            granted += granted(one, "counted", 1) + granted(other, "counted", 1);
        }
        assertThat(granted).isBetween(20, 24);
    }

    @Test
    void a_client_that_hammers_at_an_empty_bucket_costs_no_call_of_redis() {
        RateLimiter limiter = node(10);
        warm(limiter);
        granted(limiter, "hammer", 25);
        double before = calls();
        assertThat(granted(limiter, "hammer", 10_000)).isZero();
        assertThat(calls()).isEqualTo(before);
    }

    @Test
    void a_bucket_lapses_in_redis_once_it_would_be_full() {
        RateLimiter limiter = node(0);
        warm(limiter);
        granted(limiter, "lapses", 5);
        try (var connection = redis.getConnection()) {
            byte[] key = limiter.policy().key(client + "lapses").getBytes(java.nio.charset.StandardCharsets.UTF_8);
            assertThat(connection.keyCommands().ttl(key, TimeUnit.SECONDS)).isBetween(1L, 20L);
        }
    }

    @Test
    void without_redis_each_node_limits_by_its_own_count_and_nobody_waits() {
        LettuceConnectionFactory nowhere = new LettuceConnectionFactory("127.0.0.1", 1);
        nowhere.afterPropertiesSet();
        nowhere.start();
        try {
            RateLimiter limiter = node(0, nowhere);
            assertThat(granted(limiter, "alone", 30)).isEqualTo(20);
            await("the loss to be counted")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> meters.counter("onsale.ratelimit.shared", "outcome", "failed")
                                    .count()
                            > 0);
            clock.pass(Duration.ofSeconds(10));
            assertThat(granted(limiter, "alone", 30)).isEqualTo(20);
        } finally {
            nowhere.destroy();
        }
    }

    /** The first request of a process only begins to connect. */
    private void warm(RateLimiter... limiters) {
        for (RateLimiter limiter : limiters) {
            await("Redis to count").atMost(Duration.ofSeconds(60)).until(() -> {
                clock.pass(Duration.ofSeconds(2));
                double before = counted();
                granted(limiter, UUID.randomUUID().toString(), 10);
                return counted() > before;
            });
        }
    }

    private int granted(RateLimiter limiter, String name, int requests) {
        return (int) Stream.generate(() -> take(limiter, name))
                .limit(requests)
                .filter(RateLimitDecision::granted)
                .count();
    }

    private RateLimitDecision take(RateLimiter limiter, String name) {
        return limiter.take(client + name)
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    private double counted() {
        return meters.counter("onsale.ratelimit.shared", "outcome", "counted").count();
    }

    private double calls() {
        return meters.find("onsale.ratelimit.shared").counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    private RateLimiter node(int localPercent) {
        return node(localPercent, redis);
    }

    private RateLimiter node(int localPercent, LettuceConnectionFactory connections) {
        RateLimitProperties properties = new RateLimitProperties(
                true,
                TWENTY_IN_TEN_SECONDS,
                TWENTY_IN_TEN_SECONDS,
                TWENTY_IN_TEN_SECONDS,
                TWENTY_IN_TEN_SECONDS,
                List.of(),
                localPercent,
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                1_000);
        StaticListableBeanFactory beans = new StaticListableBeanFactory();
        beans.addBean("meters", meters);
        RateLimitMetrics metrics = new RateLimitMetrics(beans.getBeanProvider(MeterRegistry.class));
        return new RateLimiter(
                Policy.of("user", TWENTY_IN_TEN_SECONDS, localPercent),
                new SharedBuckets(connections, clock, properties, metrics),
                properties,
                metrics,
                clock);
    }

    private static LettuceConnectionFactory redis(EmbeddedAddresses services) {
        LettuceConnectionFactory connections = new LettuceConnectionFactory(services.redisHost(), services.redisPort());
        connections.afterPropertiesSet();
        connections.start();
        return connections;
    }
}
