package dev.onsale.command.guard;

import dev.onsale.command.CommandSideProperties;
import dev.onsale.eventlog.StoredEvents;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.messaging.StreamableMessageSource;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

@Configuration(proxyBeanMethods = false)
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
    GuardRebuild guardRebuild(StoredEvents events, GuardFacts facts) {
        return new GuardRebuild(events, facts);
    }

    @Bean
    SeatGuard seatGuard(GuardRedis redis, GuardRebuild rebuild, CommandSideProperties properties) {
        return new LuaSeatGuard(redis, rebuild, properties);
    }

    @Bean
    CouponGuard couponGuard(GuardRedis redis, GuardRebuild rebuild, CommandSideProperties properties) {
        return new LuaCouponGuard(redis, rebuild, properties);
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
