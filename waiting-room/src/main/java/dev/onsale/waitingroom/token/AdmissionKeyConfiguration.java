package dev.onsale.waitingroom.token;

import dev.onsale.waitingroom.key.RoomClock;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AdmissionKeyProperties.class)
class AdmissionKeyConfiguration {

    @Bean
    NodeAdmissionKeys admissionKeys(
            ObjectProvider<KeyWrapping> wrapping,
            JdbcTemplate jdbc,
            PlatformTransactionManager transactions,
            AdmissionKeyProperties properties,
            @Qualifier(RoomClock.NAME) Clock clock) {
        KeyWrapping connected = wrapping.getIfAvailable();
        SharedAdmissionKeys shared = connected == null
                ? null
                : new SharedAdmissionKeys(
                        new AdmissionKeyTable(jdbc, transactions), connected, properties.keyFile(), clock);
        return new NodeAdmissionKeys(shared, connected, properties.keyFile(), properties.keyRotation());
    }

    @Bean
    MeterBinder admissionKeyAge(NodeAdmissionKeys keys) {
        return registry -> Gauge.builder("onsale.admission.key.age.seconds", keys, all -> all.shared()
                        .map(shared -> (double) shared.age().toSeconds())
                        .orElse(Double.NaN))
                .description("How long the newest admission key signs; not known for keys of this node alone")
                .register(registry);
    }

    @Bean
    AdmissionTokens admissionTokens(AdmissionKeys keys, @Qualifier(RoomClock.NAME) Clock clock) {
        return new AdmissionTokens(keys, clock);
    }
}
