package dev.onsale.command.seating;

import dev.onsale.eventlog.StoredEvents;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class SeatingConfiguration {

    @Bean
    FreeSeatsIndex freeSeatsIndex(StoredEvents events, MeterRegistry registry) {
        return new FreeSeatsIndex(new StoredSeatFacts(events), registry);
    }
}
