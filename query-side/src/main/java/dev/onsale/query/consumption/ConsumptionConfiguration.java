package dev.onsale.query.consumption;

import dev.onsale.api.RecordLimits;
import dev.onsale.api.Topics;
import dev.onsale.platform.kafka.KafkaClients;
import dev.onsale.query.deadletter.DeadLetterSettings;
import dev.onsale.query.deadletter.ExternalDeadLetterFiling;
import dev.onsale.query.deadletter.RecordParking;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.ContainerProperties.AckMode;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * The consumers and their dead letters. Factories are not beans on purpose: several sides may share one Spring context, and
 * each has demands of its own on Kafka.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ConsumptionSettings.class, StatisticsSettings.class, DeadLetterTopicSettings.class})
class ConsumptionConfiguration {

    private static final int RECORDS_PER_BATCH_MAX = 100;
    private static final int DEAD_LETTER_PARTITIONS = 3;

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
            ConsumptionSettings settings,
            List<Projection> projections,
            PlatformTransactionManager transactions,
            JdbcOperations jdbc,
            RecordParking parking,
            MeterRegistry registry) {
        return listener(
                ConsumerGroup.READ_MODELS, settings.groupId(), projections, transactions, jdbc, parking, registry);
    }

    @Bean
    FactListener statisticsListener(
            StatisticsSettings settings,
            List<Projection> projections,
            PlatformTransactionManager transactions,
            JdbcOperations jdbc,
            RecordParking parking,
            MeterRegistry registry) {
        return listener(
                ConsumerGroup.STATISTICS, settings.groupId(), projections, transactions, jdbc, parking, registry);
    }

    private static FactListener listener(
            ConsumerGroup group,
            String groupId,
            List<Projection> projections,
            PlatformTransactionManager transactions,
            JdbcOperations jdbc,
            RecordParking parking,
            MeterRegistry registry) {
        List<Projection> its = projections.stream()
                .filter(projection -> projection.group() == group)
                .toList();
        ConsumptionMetrics metrics = new ConsumptionMetrics(registry, group);
        return new FactListener(
                groupId, group.families(), new ReadModels(its, transactions, jdbc, metrics), metrics, parking);
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
        return new DeadLetters(
                groupId, new KafkaClients(properties, kafka), parking, new ConsumptionMetrics(registry, group));
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
                new DefaultErrorHandler(KafkaClients.untilAvailable()),
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
        container.setGroupId(groupId);
        container.setAckMode(AckMode.BATCH);
        container.setMessageListener(listener);
        var containers = new KafkaClients(properties, kafka)
                .<byte @Nullable []>listeners(new ByteArrayDeserializer(), RECORDS_PER_BATCH_MAX, container, registry);
        containers.setCommonErrorHandler(errors);
        return containers;
    }
}
