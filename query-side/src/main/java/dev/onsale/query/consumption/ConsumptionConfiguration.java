package dev.onsale.query.consumption;

import dev.onsale.api.RecordLimits;
import dev.onsale.api.Topics;
import dev.onsale.platform.kafka.KafkaClients;
import dev.onsale.query.deadletter.DeadLetterSettings;
import dev.onsale.query.deadletter.ExternalDeadLetterFiling;
import dev.onsale.query.deadletter.RecordParking;
import dev.onsale.query.readmodel.ConsumerGroup;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.DefaultErrorHandler;

/** The consumers and their dead letters. */
@Configuration(proxyBeanMethods = false)
class ConsumptionConfiguration {

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
            GroupProjections projections,
            RecordParking parking,
            Clock clock,
            MeterRegistry registry) {
        return listener(ConsumerGroup.READ_MODELS, settings.groupId(), projections, parking, clock, registry);
    }

    @Bean
    FactListener statisticsListener(
            StatisticsSettings settings,
            GroupProjections projections,
            RecordParking parking,
            Clock clock,
            MeterRegistry registry) {
        return listener(ConsumerGroup.STATISTICS, settings.groupId(), projections, parking, clock, registry);
    }

    private static FactListener listener(
            ConsumerGroup group,
            String groupId,
            GroupProjections projections,
            RecordParking parking,
            Clock clock,
            MeterRegistry registry) {
        ConsumptionMetrics metrics = new ConsumptionMetrics(registry, group);
        return new FactListener(
                groupId,
                group.families(),
                projections.of(group, metrics),
                metrics,
                parking,
                new ConsumerLag(clock, group.label(), registry));
    }

    @Bean
    ConcurrentMessageListenerContainer<String, byte @Nullable []> readModelConsumers(
            ConsumerContainers containers, FactListener readModelListener, ConsumptionSettings settings) {
        return containers.of(ConsumerGroup.READ_MODELS, readModelListener, settings.concurrency());
    }

    @Bean
    ConcurrentMessageListenerContainer<String, byte @Nullable []> statisticsConsumers(
            ConsumerContainers containers, FactListener statisticsListener, StatisticsSettings settings) {
        return containers.of(ConsumerGroup.STATISTICS, statisticsListener, settings.concurrency());
    }

    /** One record is as good as the other here, and none is given up: it waits for the database. */
    @Bean
    ConcurrentMessageListenerContainer<String, byte @Nullable []> neighbourDeadLetters(
            ConsumerContainers containers, DeadLetterSettings settings, ExternalDeadLetterFiling filing) {
        return containers.of(
                new ContainerProperties(ExternalDeadLetterFiling.TOPICS),
                settings.groupId(),
                filing,
                new DefaultErrorHandler(KafkaClients.untilAvailable()));
    }
}
