package dev.onsale.platform.ratelimit;

import dev.onsale.platform.http.Caller;
import dev.onsale.platform.http.ClientAddress;
import dev.onsale.platform.http.ProblemWriter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** The limits of this process, on the Redis that it has anyway. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "onsale.web.rate-limit.enabled", matchIfMissing = true)
@EnableConfigurationProperties(RateLimitProperties.class)
public class RateLimitConfiguration {

    /** The access filter has the order -100. */
    private static final int BEFORE_ACCESS = -110;

    private static final int BEHIND_ACCESS = -90;

    @Bean
    RateLimitMetrics rateLimitMetrics(ObjectProvider<MeterRegistry> registry) {
        return new RateLimitMetrics(registry);
    }

    @Bean
    SharedBuckets sharedBuckets(
            RedisConnectionFactory connections, Clock clock, RateLimitProperties properties, RateLimitMetrics metrics) {
        return new SharedBuckets(connections, clock, properties, metrics);
    }

    @Bean
    RateLimitFilter rateLimitByAddress(
            SharedBuckets shared,
            RateLimitProperties properties,
            RateLimitMetrics metrics,
            Clock clock,
            ProblemWriter problems,
            ClientAddress clients) {
        ClientAddresses addresses = new ClientAddresses(clients, properties.exemptAddresses());
        return new RateLimitFilter(
                limiter("address", properties.address(), shared, properties, metrics, clock),
                limiter("address-reads", properties.addressReads(), shared, properties, metrics, clock),
                exchange -> addresses.limited(exchange.getRequest()),
                problems,
                BEFORE_ACCESS);
    }

    @Bean
    RateLimitFilter rateLimitByUser(
            SharedBuckets shared,
            RateLimitProperties properties,
            RateLimitMetrics metrics,
            Clock clock,
            ProblemWriter problems) {
        return new RateLimitFilter(
                limiter("user", properties.user(), shared, properties, metrics, clock),
                limiter("user-reads", properties.userReads(), shared, properties, metrics, clock),
                exchange -> {
                    Caller caller = Caller.of(exchange);
                    return caller == null ? null : caller.getName();
                },
                problems,
                BEHIND_ACCESS);
    }

    private static RateLimiter limiter(
            String name,
            Limit limit,
            SharedBuckets shared,
            RateLimitProperties properties,
            RateLimitMetrics metrics,
            Clock clock) {
        return new RateLimiter(Policy.of(name, limit, properties.localPercent()), shared, properties, metrics, clock);
    }
}
