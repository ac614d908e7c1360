package dev.onsale.saga.reservation;

import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.eventlog.StoredTypes;
import dev.onsale.eventlog.personal.PersonalData;
import dev.onsale.eventlog.tail.CollectingSource;
import dev.onsale.eventlog.tail.LogTail;
import dev.onsale.saga.SagaProperties;
import dev.onsale.saga.step.Steps;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.axonframework.config.Configuration;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
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

    /** Tokens are sealed in events and steps. Old steps have them in the method, in plain text. */
    @Bean
    CardTokens cardTokens(PersonalData personal) {
        return step -> step.cardToken() == null
                ? Optional.of(step.method())
                : personal.openCardToken(step.buyerId(), step.reservationId(), step.cardToken())
                        .map(PaymentMethod.Card::new);
    }

    @Bean
    ClientSecrets clientSecrets(PersonalData personal) {
        return (step, secret) -> personal.sealClientSecret(step.buyerId(), step.reservationId(), secret);
    }

    @Bean
    ReservationSagas reservationSagas(SagaTable sagaTable, Steps steps) {
        return new ReservationSagas(sagaTable, steps);
    }

    /**
     * From the head: a reservation of before the saga's first day must not be paid again, and none is ever replayed.
     *
     * @param tail of this process, if it has one
     */
    @Bean
    ConfigurerModule reservationSaga(SagaProperties settings, ObjectProvider<LogTail> tail, Serializer serializer) {
        return configurer -> configurer.eventProcessing(processing -> processing
                .registerPooledStreamingEventProcessor(
                        ReservationSaga.PROCESSING_GROUP,
                        axon -> source(axon, tail.getIfAvailable(), serializer, settings.batchWait()),
                        (axon, processor) -> processor
                                .initialToken(StreamableMessageSource::createHeadToken)
                                .initialSegmentCount(settings.segmentCount())
                                .batchSize(settings.batchSizeMax()))
                .registerSequencingPolicy(ReservationSaga.PROCESSING_GROUP, axon -> ReservationSagas::reservationOf)
                .registerErrorHandler(ReservationSaga.PROCESSING_GROUP, axon -> PropagatingErrorHandler.instance())
                .registerListenerInvocationErrorHandler(
                        ReservationSaga.PROCESSING_GROUP, axon -> PropagatingErrorHandler.instance()));
    }

    private static StreamableMessageSource<TrackedEventMessage<?>> source(
            Configuration axon, @Nullable LogTail tail, Serializer serializer, Duration wait) {
        return tail == null ? axon.eventStore() : CollectingSource.of(axon, tail, serializer, wait);
    }
}
