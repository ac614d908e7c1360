package dev.onsale.eventlog.personal;

import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Keys in the database of the log; the host brings a {@code DataSource} and a {@code java.time.Clock}. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PersonalDataSettings.class)
public class PersonalDataConfiguration {

    @Bean
    AgreedMasterKey agreedMasterKey(DataSource dataSource, PersonalDataSettings settings) {
        return new AgreedMasterKey(dataSource, settings);
    }

    @Bean
    PersonalKeys personalKeys(
            DataSource dataSource, AgreedMasterKey masterKey, PersonalDataSettings settings, Clock clock) {
        return new PersonalKeys(JdbcClient.create(dataSource), masterKey, settings, clock);
    }

    @Bean
    SecretSeal secretSeal(DataSource dataSource, AgreedMasterKey masterKey) {
        return new SecretSeal(JdbcClient.create(dataSource), masterKey);
    }

    @Bean
    PersonalData personalData(PersonalKeys keys) {
        return new PersonalData(keys);
    }
}
