package dev.onsale.proof.sealing;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Enables the sealing of the log in the process that has the read models. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({SealSettings.class, WebhookSettings.class})
public class SealConfiguration {

    @Bean
    HeadWebhook headWebhook(SealStore store, SealSettings seals, WebhookSettings settings, MeterRegistry registry) {
        WebhookSettings own =
                seals.enabled() ? settings : new WebhookSettings(null, settings.every(), settings.timeout());
        return new HeadWebhook(() -> SealController.head(store), own, registry);
    }
}
