package dev.onsale.standalone.library;

import org.axonframework.config.ConfigurerModule;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Registers the supervision of library threads. */
@Configuration(proxyBeanMethods = false)
public class LibraryConfiguration {

    @Bean
    EventProcessorSupervision eventProcessorSupervision() {
        return new EventProcessorSupervision();
    }

    @Bean
    ConfigurerModule supervisedEventProcessors(EventProcessorSupervision supervision) {
        return configurer -> configurer.eventProcessing(supervision::configure);
    }
}
