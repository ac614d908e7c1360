package dev.onsale.query.consumption;

import dev.onsale.api.RecordLimits;
import dev.onsale.api.Topics;
import dev.onsale.query.deadletter.DeadLetterSettings;
import dev.onsale.query.deadletter.ExternalDeadLetterFiling;
import dev.onsale.query.deadletter.RecordParking;
import dev.onsale.query.readmodel.ConsumerGroup;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.MicrometerConsumerListener;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.ContainerProperties.AckMode;
import org.springframework.kafka.listener.DefaultErrorHandler;

/**
 * The consumers and their dead letters. Factories are not beans on purpose: several sides may share one Spring context, and
 * each has demands of its own on Kafka.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ConsumptionSettings.class, StatisticsSettings.class, DeadLetterTopicSettings.class})
class ConsumptionConfiguration {

    private static final int RECORDS_PER_BATCH_MAX = 100;
    private static final int DEAD_LETTER_PARTITIONS = 3;
    private static final String BEFORE_TOPICS_ARE_LOOKED_FOR_AGAIN_MILLIS = "10000";

    @Bean
    KafkaAdmin.NewTopics deadLetterTopics(DeadLetterTopicSettings settings) {
        return new KafkaAdmin.NewTopics(
                deadLetterTopic(Topics.RESERVATION_EVENTS, settings),
                deadLetterTopic(Topics.COUPON_EVENTS, settings),
                deadLetterTopic(Topics.WALLET_EVENTS, settings));
    }

    private static NewTopic deadLetterTopic(String topic, DeadLetterTopicSettings settings) {
        return TopicBuilder.name(topic + DeadLetters.TOPIC_SUFFIX)
                .partitions(DEAD_LETTER_PARTITIONS)
                .replicas(settings.replicationFactor())
                .config(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(RecordLimits.DEAD_LETTER_BYTES_MAX))
                .build();
    }

    @Bean
    FactListener readModelListener(
            ConsumptionSettings settings, GroupProjections projections, RecordParking parking, MeterRegistry registry) {
        return listener(ConsumerGroup.READ_MODELS, settings.groupId(), projections, parking, registry);
    }

    @Bean
    FactListener statisticsListener(
            StatisticsSettings settings, GroupProjections projections, RecordParking parking, MeterRegistry registry) {
        return listener(ConsumerGroup.STATISTICS, settings.groupId(), projections, parking, registry);
    }

    private static FactListener listener(
            ConsumerGroup group,
            String groupId,
            GroupProjections projections,
            RecordParking parking,
            MeterRegistry registry) {
        ConsumptionMetrics metrics = new ConsumptionMetrics(registry, group);
        return new FactListener(groupId, group.families(), projections.of(group, metrics), metrics, parking);
    }

    @Bean
    DeadLetters readModelDeadLetters(
            KafkaProperties properties,
            KafkaConnectionDetails kafka,
            ConsumptionSettings settings,
            RecordParking parking,
            MeterRegistry registry) {
        return deadLetters(ConsumerGroup.READ_MODELS, settings.groupId(), properties, kafka, parking, registry);
    }

    @Bean
    DeadLetters statisticsDeadLetters(
            KafkaProperties properties,
            KafkaConnectionDetails kafka,
            StatisticsSettings settings,
            RecordParking parking,
            MeterRegistry registry) {
        return deadLetters(ConsumerGroup.STATISTICS, settings.groupId(), properties, kafka, parking, registry);
    }

    private static DeadLetters deadLetters(
            ConsumerGroup group,
            String groupId,
            KafkaProperties properties,
            KafkaConnectionDetails kafka,
            RecordParking parking,
            MeterRegistry registry) {
        Map<String, Object> producer = properties.buildProducerProperties();
        producer.put(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.getProducer().getBootstrapServers());
        return new DeadLetters(groupId, producer, parking, new ConsumptionMetrics(registry, group));
    }

    @Bean
    ConcurrentMessageListenerContainer<String, byte @Nullable []> readModelConsumers(
            KafkaProperties properties,
            KafkaConnectionDetails kafka,
            ConsumptionSettings settings,
            FactListener readModelListener,
            DeadLetters readModelDeadLetters,
            MeterRegistry registry) {
        ConcurrentMessageListenerContainer<String, byte @Nullable []> consumers = consumers(
                ConsumerGroup.READ_MODELS, properties, kafka, readModelListener, readModelDeadLetters, registry);
        consumers.setConcurrency(settings.concurrency());
        return consumers;
    }

    @Bean
    ConcurrentMessageListenerContainer<String, byte @Nullable []> statisticsConsumers(
            KafkaProperties properties,
            KafkaConnectionDetails kafka,
            StatisticsSettings settings,
            FactListener statisticsListener,
            DeadLetters statisticsDeadLetters,
            MeterRegistry registry) {
        ConcurrentMessageListenerContainer<String, byte @Nullable []> consumers = consumers(
                ConsumerGroup.STATISTICS, properties, kafka, statisticsListener, statisticsDeadLetters, registry);
        consumers.setConcurrency(settings.concurrency());
        return consumers;
    }

    private static ConcurrentMessageListenerContainer<String, byte @Nullable []> consumers(
            ConsumerGroup group,
            KafkaProperties properties,
            KafkaConnectionDetails kafka,
            FactListener listener,
            DeadLetters deadLetters,
            MeterRegistry registry) {
        return consumers(
                properties,
                kafka,
                new ContainerProperties(group.topics().toArray(String[]::new)),
                listener.group(),
                listener,
                deadLetters.errorHandler(),
                registry);
    }

    /** One record is as good as the other here, and none is given up: it waits for the database. */
    @Bean
    ConcurrentMessageListenerContainer<String, byte @Nullable []> neighbourDeadLetters(
            KafkaProperties properties,
            KafkaConnectionDetails kafka,
            DeadLetterSettings settings,
            ExternalDeadLetterFiling filing,
            MeterRegistry registry) {
        return consumers(
                properties,
                kafka,
                new ContainerProperties(ExternalDeadLetterFiling.TOPICS),
                settings.groupId(),
                filing,
                new DefaultErrorHandler(DeadLetters.untilItIsBack()),
                registry);
    }

    private static ConcurrentMessageListenerContainer<String, byte @Nullable []> consumers(
            KafkaProperties properties,
            KafkaConnectionDetails kafka,
            ContainerProperties container,
            String groupId,
            BatchMessageListener<String, byte @Nullable []> listener,
            DefaultErrorHandler errors,
            MeterRegistry registry) {
        DefaultKafkaConsumerFactory<String, byte @Nullable []> consumers = new DefaultKafkaConsumerFactory<>(
                consumerProperties(properties, kafka), new StringDeserializer(), new ByteArrayDeserializer());
        consumers.addListener(new MicrometerConsumerListener<>(registry));
        container.setGroupId(groupId);
        container.setAckMode(AckMode.BATCH);
        container.setMessageListener(listener);
        ConcurrentMessageListenerContainer<String, byte @Nullable []> containers =
                new ConcurrentMessageListenerContainer<>(consumers, container);
        containers.setCommonErrorHandler(errors);
        return containers;
    }

    private static Map<String, Object> consumerProperties(KafkaProperties properties, KafkaConnectionDetails kafka) {
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
