package dev.onsale.command.guard;

import dev.onsale.command.CommandSideProperties;
import dev.onsale.command.guard.coupon.CouponGuard;
import dev.onsale.command.guard.coupon.LuaCouponGuard;
import dev.onsale.command.guard.coupon.SoldOutCache;
import dev.onsale.command.guard.rebuild.GuardFollower;
import dev.onsale.command.guard.rebuild.GuardPreparation;
import dev.onsale.command.guard.rebuild.GuardRebuild;
import dev.onsale.command.guard.reconcile.Reconciler;
import dev.onsale.command.guard.seat.LockSeatGuard;
import dev.onsale.command.guard.seat.LuaSeatGuard;
import dev.onsale.command.guard.seat.OptimisticSeatGuard;
import dev.onsale.command.guard.seat.RedissonLocks;
import dev.onsale.command.guard.seat.SeatClaimRelease;
import dev.onsale.command.guard.seat.SeatGuard;
import dev.onsale.command.guard.state.GuardFacts;
import dev.onsale.command.guard.state.GuardMetrics;
import dev.onsale.command.guard.state.GuardProperties;
import dev.onsale.command.guard.state.GuardRedis;
import dev.onsale.command.guard.state.GuardRemoval;
import dev.onsale.command.guard.state.GuardReports;
import dev.onsale.command.guard.state.GuardRetention;
import dev.onsale.eventlog.StoredEvents;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.messaging.StreamableMessageSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GuardProperties.class)
class GuardConfiguration {

    private static final int BATCH_SIZE = 200;

    /** A Redis that is away is answered around at once; queueing for it would only delay every buyer. */
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
    GuardRedis guardRedis(LettuceConnectionFactory connections) {
        return new GuardRedis(connections);
    }

    @Bean
    GuardFacts guardFacts(GuardRedis redis) {
        return new GuardFacts(redis);
    }

    @Bean
    GuardMetrics guardMetrics(MeterRegistry registry) {
        return new GuardMetrics(registry);
    }

    @Bean
    GuardReports guardReports(GuardRedis redis) {
        return new GuardReports(redis);
    }

    @Bean
    GuardRebuild guardRebuild(
            StoredEvents events,
            GuardFacts facts,
            GuardReports reports,
            GuardMetrics metrics,
            GuardRetention retention,
            GuardRemoval removal,
            Clock clock) {
        return new GuardRebuild(events, facts, reports, metrics, retention, removal, clock);
    }

    @Bean
    GuardRetention guardRetention(CommandSideProperties properties, GuardProperties guard, Clock clock) {
        return new GuardRetention(properties.paymentWindow(), properties.claimDuration(), guard.retention(), clock);
    }

    @Bean
    GuardRemoval guardRemoval(GuardRedis redis) {
        return new GuardRemoval(redis);
    }

    @Bean
    GuardPreparation newGuards(GuardRedis redis, GuardRebuild rebuild) {
        return new GuardPreparation(redis, rebuild);
    }

    @Bean
    Reconciler guardReconciler(
            GuardRedis redis,
            StoredEvents events,
            GuardFacts facts,
            GuardRebuild rebuild,
            GuardReports reports,
            GuardMetrics metrics,
            GuardRetention retention,
            GuardRemoval removal,
            Clock clock,
            CommandSideProperties properties,
            GuardProperties guard) {
        return new Reconciler(
                redis,
                events,
                facts,
                rebuild,
                reports,
                metrics,
                retention,
                removal,
                clock,
                properties.claimDuration(),
                guard.reconciliationInterval());
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
        return switch (guard.strategy()) {
            case LUA -> new LuaSeatGuard(redis, rebuild, givenBack, metrics, properties.claimDuration());
            case REDISSON_LOCK ->
                new LockSeatGuard(
                        redis,
                        rebuild,
                        givenBack,
                        metrics,
                        properties.claimDuration(),
                        guard,
                        new RedissonLocks(connections));
            case OPTIMISTIC -> new OptimisticSeatGuard(metrics);
        };
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
    ConfigurerModule guardFollowsTheLog() {
        return configurer -> configurer.eventProcessing(processing -> processing
                .registerPooledStreamingEventProcessor(
                        GuardFollower.GROUP,
                        org.axonframework.config.Configuration::eventStore,
                        (axon, builder) -> builder.initialSegmentCount(1)
                                .batchSize(BATCH_SIZE)
                                .initialToken(StreamableMessageSource::createTailToken))
                .registerListenerInvocationErrorHandler(
                        GuardFollower.GROUP, axon -> PropagatingErrorHandler.instance()));
    }
}
