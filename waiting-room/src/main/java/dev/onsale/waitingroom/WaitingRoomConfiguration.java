package dev.onsale.waitingroom;

import dev.onsale.waitingroom.challenge.Challenges;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.token.AdmissionKeys;
import dev.onsale.waitingroom.token.AdmissionTokens;
import dev.onsale.waitingroom.token.StoredAdmissionKeys;
import dev.onsale.web.WebConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
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

    private static final Logger log = LoggerFactory.getLogger(WaitingRoomConfiguration.class);

    @Bean
    RedisScripts waitingRoomScripts(
            RedisConnectionFactory connections, WaitingRoomProperties properties, MeterRegistry metrics) {
        RedisScripts scripts = new RedisScripts(connections, properties.redisTimeout());
        metrics.gauge("onsale.waiting.room.redis.in.flight", scripts, RedisScripts::inFlight);
        return scripts;
    }

    @Bean
    @ConditionalOnMissingBean
    AdmissionKeys admissionKeys(WaitingRoomProperties properties) {
        Path file = properties.keyFile();
        if (file == null) {
            log.info("No onsale.waiting-room.key-file: admission tokens are good for this process only");
            return StoredAdmissionKeys.inMemory();
        }
        return StoredAdmissionKeys.inFile(file);
    }

    @Bean
    Heartbeats heartbeats(RedisScripts redis) {
        return new Heartbeats(redis, Heartbeats.AT_ONCE);
    }

    @Bean
    RoomsHealthIndicator waitingRoomsHealthIndicator(RoomFailures failures) {
        return new RoomsHealthIndicator(failures);
    }

    @Bean
    Challenges challenges(AdmissionKeys keys, JsonMapper json, Clock clock) {
        return new Challenges(derived(keys, "challenges"), json, clock);
    }

    @Bean
    Addresses addresses(AdmissionKeys keys) {
        return new Addresses(derived(keys, "addresses"));
    }

    /** A secret that all nodes have already: one key file is enough. */
    private static byte[] derived(AdmissionKeys keys, String purpose) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(keys.signing().getD().decode(), "HmacSHA256"));
            return mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 is part of every Java platform", e);
        }
    }

    @Bean
    AdmissionTokens admissionTokens(AdmissionKeys keys, Clock clock) {
        return new AdmissionTokens(keys, clock);
    }
}
