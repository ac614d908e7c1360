package dev.onsale.waitingroom;

import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.token.AdmissionKeys;
import dev.onsale.waitingroom.token.AdmissionTokens;
import dev.onsale.waitingroom.token.StoredAdmissionKeys;
import dev.onsale.web.WebConfiguration;
import java.nio.file.Path;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * The waiting room as a whole. It needs a {@link Clock} and a Redis connection factory on Lettuce, and offers
 * {@link Admissions} to those who sell.
 */
@Configuration(proxyBeanMethods = false)
@ComponentScan
@EnableConfigurationProperties(WaitingRoomProperties.class)
@Import(WebConfiguration.class)
public class WaitingRoomConfiguration {

    private static final Logger log = LoggerFactory.getLogger(WaitingRoomConfiguration.class);

    @Bean
    RedisScripts waitingRoomScripts(RedisConnectionFactory connections, WaitingRoomProperties properties) {
        return new RedisScripts(connections, properties.redisTimeout());
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
    AdmissionTokens admissionTokens(AdmissionKeys keys, Clock clock) {
        return new AdmissionTokens(keys, clock);
    }
}
