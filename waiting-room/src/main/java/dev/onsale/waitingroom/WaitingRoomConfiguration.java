package dev.onsale.waitingroom;

import dev.onsale.waitingroom.challenge.Challenges;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.token.AdmissionKeys;
import dev.onsale.web.WebConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FullyQualifiedAnnotationBeanNameGenerator;
import org.springframework.context.annotation.Import;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * The waiting room as a whole. It needs a {@link Clock}, a Redis connection factory on Lettuce, a data source and Kafka, and
 * offers {@link Admissions} to those who sell.
 */
@Configuration(proxyBeanMethods = false)
// Full names: another side in the same context may have a component of the same simple name.
@ComponentScan(nameGenerator = FullyQualifiedAnnotationBeanNameGenerator.class)
@EnableConfigurationProperties(WaitingRoomProperties.class)
@Import(WebConfiguration.class)
public class WaitingRoomConfiguration {

    @Bean
    RedisScripts waitingRoomScripts(
            RedisConnectionFactory connections, WaitingRoomProperties properties, MeterRegistry metrics) {
        RedisScripts scripts = new RedisScripts(connections, properties.redisTimeout());
        metrics.gauge("onsale.waiting.room.redis.in.flight", scripts, RedisScripts::inFlight);
        return scripts;
    }

    @Bean
    Heartbeats heartbeats(RedisScripts redis) {
        return new Heartbeats(redis, Heartbeats.AT_ONCE);
    }

    @Bean
    Challenges challenges(AdmissionKeys keys, JsonMapper json, Clock clock) {
        return new Challenges(() -> keys.secret("challenges"), json, clock);
    }

    @Bean
    Addresses addresses(AdmissionKeys keys) {
        return new Addresses(() -> keys.secret("addresses"));
    }
}
