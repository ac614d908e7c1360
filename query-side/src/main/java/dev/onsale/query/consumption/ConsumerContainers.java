package dev.onsale.query.consumption;

import dev.onsale.platform.kafka.KafkaClients;
import dev.onsale.query.deadletter.DeadLetterProducers;
import dev.onsale.query.deadletter.RecordParking;
import dev.onsale.query.readmodel.ConsumerGroup;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.ContainerProperties.AckMode;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.stereotype.Component;

/** Makes the containers of consumers. */
@Component
class ConsumerContainers {

    private static final int RECORDS_PER_BATCH_MAX = 500;

    private final KafkaClients clients;
    private final DeadLetterProducers producers;
    private final RecordParking parking;
    private final MeterRegistry registry;

    ConsumerContainers(
            KafkaProperties properties,
            KafkaConnectionDetails kafka,
            DeadLetterProducers producers,
            RecordParking parking,
            MeterRegistry registry) {
        this.clients = new KafkaClients(properties, kafka);
        this.producers = producers;
        this.parking = parking;
        this.registry = registry;
    }

    /** The consumers of a group, with its dead letters. */
    ConcurrentMessageListenerContainer<String, byte @Nullable []> of(
            ConsumerGroup group, FactListener listener, int concurrency) {
        DeadLetters deadLetters = new DeadLetters(
                listener.group(), producers.template(), parking, new ConsumptionMetrics(registry, group));
        ContainerProperties container = new ContainerProperties(group.topics().toArray(String[]::new));
        if (group == ConsumerGroup.STATISTICS) {
            KafkaClients.collect(container);
        }
        ConcurrentMessageListenerContainer<String, byte @Nullable []> containers =
                of(container, listener.group(), listener, deadLetters.errorHandler());
        containers.setConcurrency(concurrency);
        return containers;
    }

    ConcurrentMessageListenerContainer<String, byte @Nullable []> of(
            ContainerProperties container,
            String groupId,
            BatchMessageListener<String, byte @Nullable []> listener,
            DefaultErrorHandler errors) {
        container.setGroupId(groupId);
        container.setAckMode(AckMode.BATCH);
        // The rows know their position, so a repeat after a crash changes nothing.
        container.setSyncCommits(false);
        container.setMessageListener(listener);
        ConcurrentMessageListenerContainer<String, byte @Nullable []> containers =
                clients.listeners(new ByteArrayDeserializer(), RECORDS_PER_BATCH_MAX, container, registry);
        containers.setCommonErrorHandler(errors);
        return containers;
    }
}
