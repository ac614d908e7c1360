package dev.onsale.command.guard;

import dev.onsale.command.CommandSideProperties;
import dev.onsale.command.guard.coupon.CouponGuard;
import dev.onsale.command.guard.coupon.LuaCouponGuard;
import dev.onsale.command.guard.coupon.SoldOutCache;
import dev.onsale.command.guard.rebuild.GuardFollower;
import dev.onsale.command.guard.rebuild.GuardRebuild;
import dev.onsale.command.guard.seat.BestSeatsGuard;
import dev.onsale.command.guard.seat.LockSeatGuard;
import dev.onsale.command.guard.seat.LuaSeatGuard;
import dev.onsale.command.guard.seat.OptimisticSeatGuard;
import dev.onsale.command.guard.seat.RedissonLocks;
import dev.onsale.command.guard.seat.SeatClaimRelease;
import dev.onsale.command.guard.seat.SeatGuard;
import dev.onsale.command.guard.state.GuardMetrics;
import dev.onsale.command.guard.state.GuardProperties;
import dev.onsale.command.guard.state.GuardRedis;
import dev.onsale.command.guard.state.GuardRetention;
import dev.onsale.eventlog.tail.CollectingSource;
import dev.onsale.eventlog.tail.LogTail;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import java.time.Clock;
import java.time.Duration;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.serialization.Serializer;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GuardProperties.class)
class GuardConfiguration {

    private static final int BATCH_SIZE = 200;

    /** The guard may be late, because the aggregates decide; fewer and larger batches cost less. */
    private static final Duration BATCH_WAIT = Duration.ofMillis(5);

    /** Commands fail at once while Redis is away. Queueing them would delay every buyer. */
    @Bean
    LettuceClientConfigurationBuilderCustomizer failFastRedis() {
        return builder -> builder.clientOptions(ClientOptions.builder()
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .timeoutOptions(TimeoutOptions.enabled(GuardRedis.TIMEOUT))
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(GuardRedis.TIMEOUT)
                        .build())
                .build());
    }

    @Bean
    GuardRetention guardRetention(CommandSideProperties properties, GuardProperties guard, Clock clock) {
        return new GuardRetention(properties.paymentWindow(), properties.claimDuration(), guard.retention(), clock);
    }

    @Bean
    SeatGuard seatGuard(
            GuardRedis redis,
            GuardRebuild rebuild,
            GuardMetrics metrics,
            CommandSideProperties properties,
            GuardProperties guard,
            LettuceConnectionFactory connections,
            Clock clock) {
        SeatClaimRelease givenBack = new SeatClaimRelease(redis, clock, properties.claimDuration());
        LuaSeatGuard script = new LuaSeatGuard(redis, rebuild, givenBack, metrics, properties.claimDuration());
        return switch (guard.strategy()) {
            case LUA -> script;
            case REDISSON_LOCK -> new LockSeatGuard(script, redis, metrics, guard, new RedissonLocks(connections));
            case OPTIMISTIC -> new OptimisticSeatGuard(metrics);
        };
    }

    /** Without a guard of seats nobody knows who has seats already, so every request goes to the writer. */
    @Bean
    BestSeatsGuard bestSeatsGuard(GuardRedis redis, GuardMetrics metrics, GuardProperties guard) {
        boolean guarded = guard.strategy() != GuardProperties.Strategy.OPTIMISTIC;
        return new BestSeatsGuard(redis, metrics, guarded ? guard.bestSeatsMemory() : Duration.ZERO);
    }

    @Bean
    CouponGuard couponGuard(
            GuardRedis redis,
            GuardRebuild rebuild,
            GuardMetrics metrics,
            CommandSideProperties properties,
            GuardProperties guard) {
        return new LuaCouponGuard(
                redis, rebuild, metrics, new SoldOutCache(redis, guard.soldOutMemory()), properties.claimDuration());
    }

    @Bean
    ConfigurerModule guardFollowsTheLog(LogTail tail, Serializer serializer) {
        return configurer -> configurer.eventProcessing(processing -> processing
                .registerPooledStreamingEventProcessor(
                        GuardFollower.GROUP,
                        axon -> CollectingSource.of(axon, tail, serializer, BATCH_WAIT),
                        (axon, builder) -> builder.initialSegmentCount(1)
                                .batchSize(BATCH_SIZE)
                                .initialToken(StreamableMessageSource::createTailToken))
                .registerListenerInvocationErrorHandler(
                        GuardFollower.GROUP, axon -> PropagatingErrorHandler.instance()));
    }
}
