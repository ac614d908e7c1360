package dev.onsale.query.consumption;

import dev.onsale.query.deadletter.DeadLetterProducers;
import dev.onsale.query.deadletter.RecordParking;
import dev.onsale.query.readmodel.ConsumerGroup;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.MicrometerConsumerListener;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.ContainerProperties.AckMode;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.stereotype.Component;

/**
 * Makes the containers of consumers. Their factories are not beans on purpose: several sides may share one Spring context,
 * and each has demands of its own on Kafka.
 */
@Component
class ConsumerContainers {

    private static final int RECORDS_PER_BATCH_MAX = 100;
    private static final String BEFORE_TOPICS_ARE_LOOKED_FOR_AGAIN_MILLIS = "10000";

    private final KafkaProperties properties;
    private final KafkaConnectionDetails kafka;
    private final DeadLetterProducers producers;
    private final RecordParking parking;
    private final MeterRegistry registry;

    ConsumerContainers(
            KafkaProperties properties,
            KafkaConnectionDetails kafka,
            DeadLetterProducers producers,
            RecordParking parking,
            MeterRegistry registry) {
        this.properties = properties;
        this.kafka = kafka;
        this.producers = producers;
        this.parking = parking;
        this.registry = registry;
    }

    /** The consumers of a group, with its dead letters. */
    ConcurrentMessageListenerContainer<String, byte @Nullable []> of(
            ConsumerGroup group, FactListener listener, int concurrency) {
        DeadLetters deadLetters = new DeadLetters(
                listener.group(), producers.template(), parking, new ConsumptionMetrics(registry, group));
        ConcurrentMessageListenerContainer<String, byte @Nullable []> containers = of(
                new ContainerProperties(group.topics().toArray(String[]::new)),
                listener.group(),
                listener,
                deadLetters.errorHandler());
        containers.setConcurrency(concurrency);
        return containers;
    }

    ConcurrentMessageListenerContainer<String, byte @Nullable []> of(
            ContainerProperties container,
            String groupId,
            BatchMessageListener<String, byte @Nullable []> listener,
            DefaultErrorHandler errors) {
        DefaultKafkaConsumerFactory<String, byte @Nullable []> consumers = new DefaultKafkaConsumerFactory<>(
                consumerProperties(), new StringDeserializer(), new ByteArrayDeserializer());
        consumers.addListener(new MicrometerConsumerListener<>(registry));
        container.setGroupId(groupId);
        container.setAckMode(AckMode.BATCH);
        container.setMessageListener(listener);
        ConcurrentMessageListenerContainer<String, byte @Nullable []> containers =
                new ConcurrentMessageListenerContainer<>(consumers, container);
        containers.setCommonErrorHandler(errors);
        return containers;
    }

    private Map<String, Object> consumerProperties() {
        Map<String, Object> consumer = properties.buildConsumerProperties();
        consumer.put(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.getConsumer().getBootstrapServers());
        consumer.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        consumer.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        consumer.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RECORDS_PER_BATCH_MAX);
        consumer.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, IsolationLevel.READ_COMMITTED.toString());
        // A consumer that came first would create the topic with the broker's defaults instead of the publisher's.
        consumer.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        consumer.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, BEFORE_TOPICS_ARE_LOOKED_FOR_AGAIN_MILLIS);
        return consumer;
    }
}
