package dev.onsale.saga.reservation;

import dev.onsale.eventlog.StoredTypes;
import dev.onsale.saga.SagaProperties;
import dev.onsale.saga.step.Steps;
import java.util.List;
import javax.sql.DataSource;
import org.axonframework.config.Configuration;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.serialization.Serializer;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;

@org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
class ReservationSagaConfiguration {

    @Bean
    StoredTypes sagaTypes() {
        return new StoredTypes(List.of(ReservationSaga.class));
    }

    @Bean
    SagaTable sagaTable(DataSource dataSource, Serializer serializer) {
        return new SagaTable(new JdbcTemplate(dataSource), serializer);
    }

    @Bean
    ReservationSagas reservationSagas(SagaTable sagaTable, Steps steps) {
        return new ReservationSagas(sagaTable, steps);
    }

    /**
     * From the head: a reservation of before the saga's first day must not be paid again, and none is ever replayed.
     */
    @Bean
    ConfigurerModule reservationSaga(SagaProperties settings) {
        return configurer -> configurer.eventProcessing(processing -> processing
                .registerPooledStreamingEventProcessor(
                        ReservationSaga.PROCESSING_GROUP, Configuration::eventStore, (axon, processor) -> processor
                                .initialToken(StreamableMessageSource::createHeadToken)
                                .initialSegmentCount(settings.segmentCount())
                                .batchSize(settings.batchSizeMax()))
                .registerSequencingPolicy(ReservationSaga.PROCESSING_GROUP, axon -> ReservationSagas::reservationOf)
                .registerErrorHandler(ReservationSaga.PROCESSING_GROUP, axon -> PropagatingErrorHandler.instance())
                .registerListenerInvocationErrorHandler(
                        ReservationSaga.PROCESSING_GROUP, axon -> PropagatingErrorHandler.instance()));
    }
}
