package dev.onsale.standalone.library;

import java.util.HashMap;
import java.util.Map;
import org.axonframework.config.ConfigurerModule;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;

/** Supervises what libraries run in this process. */
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

    @Bean
    ConsumerWatch consumerWatch(Map<String, ConcurrentMessageListenerContainer<?, ?>> consumers) {
        Map<String, ConcurrentMessageListenerContainer<?, ?>> others = new HashMap<>(consumers);
        // The waiting room watches its own.
        others.keySet().removeIf(name -> name.startsWith("waitingRoom"));
        return new ConsumerWatch(others);
    }
}
