package dev.onsale.saga.reservation;

import dev.onsale.eventlog.StoredTypes;
import dev.onsale.saga.SagaProperties;
import java.util.List;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.config.Configuration;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.modelling.saga.repository.SagaStore;
import org.axonframework.modelling.saga.repository.jdbc.GenericSagaSqlSchema;
import org.axonframework.modelling.saga.repository.jdbc.JdbcSagaStore;
import org.axonframework.modelling.saga.repository.jdbc.SagaSchema;
import org.axonframework.serialization.Serializer;
import org.springframework.context.annotation.Bean;

@org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
class ReservationSagaConfiguration {

    @Bean
    StoredTypes sagaTypes() {
        return new StoredTypes(List.of(ReservationSaga.class));
    }

    @Bean
    SagaStore<Object> sagaStore(ConnectionProvider connections, Serializer serializer) {
        SagaSchema schema = SagaSchema.builder()
                .sagaEntryTable("saga")
                .sagaIdColumn("saga_id")
                .sagaTypeColumn("saga_type")
                .revisionColumn("revision")
                .serializedSagaColumn("serialized_saga")
                .associationValueEntryTable("saga_association")
                .associationKeyColumn("association_key")
                .associationValueColumn("association_value")
                .build();
        return JdbcSagaStore.builder()
                .connectionProvider(connections)
                .serializer(serializer)
                .sqlSchema(new GenericSagaSqlSchema(schema))
                .build();
    }

    /** From the head: a reservation of before the saga's first day must not be paid again. Axon refuses to reset sagas. */
    @Bean
    ConfigurerModule reservationSaga(SagaStore<Object> sagaStore, SagaProperties settings) {
        return configurer -> configurer
                .eventProcessing()
                .registerSaga(ReservationSaga.class, saga -> saga.configureSagaStore(axon -> sagaStore))
                .registerPooledStreamingEventProcessor(
                        ReservationSaga.PROCESSING_GROUP, Configuration::eventStore, (axon, processor) -> processor
                                .initialToken(StreamableMessageSource::createHeadToken)
                                .initialSegmentCount(settings.segmentCount())
                                .batchSize(settings.batchSizeMax()))
                .registerErrorHandler(ReservationSaga.PROCESSING_GROUP, axon -> PropagatingErrorHandler.instance())
                .registerListenerInvocationErrorHandler(
                        ReservationSaga.PROCESSING_GROUP, axon -> PropagatingErrorHandler.instance());
    }
}
