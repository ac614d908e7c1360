package dev.onsale.waitingroom.intake;

import dev.onsale.api.RecordLimits;
import dev.onsale.api.Topics;
import dev.onsale.platform.kafka.DeadLetterPublisher;
import dev.onsale.platform.kafka.KafkaClients;
import dev.onsale.waitingroom.admission.OpenHolds;
import dev.onsale.waitingroom.challenge.Challenges;
import dev.onsale.waitingroom.queue.VisitorService;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.room.WaitingRoomProperties;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.ContainerProperties.AckMode;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import tools.jackson.databind.json.JsonMapper;

/**
 * Consumers and producer of the waiting room. The factories are not beans, because other modules in the same context
 * configure Kafka differently.
 */
@Configuration(proxyBeanMethods = false)
class KafkaConfiguration {

    static final String DEAD_LETTERS = Topics.WAITING_ROOM_JOIN_DEAD_LETTERS;

    private static final Logger log = LoggerFactory.getLogger(KafkaConfiguration.class);

    static final int RECORDS_PER_BATCH_MAX = 500;

    private static final int SEND_BLOCKED_MILLIS_MAX = 1_000;
    private static final Duration SEND_MAX = Duration.ofSeconds(4);

    @Bean
    KafkaAdmin.NewTopics waitingRoomTopics(WaitingRoomProperties properties) {
        return new KafkaAdmin.NewTopics(
                TopicBuilder.name(Intake.TOPIC)
                        .partitions(properties.intakePartitions())
                        .replicas(properties.replicationFactor())
                        .build(),
                TopicBuilder.name(DEAD_LETTERS)
                        .partitions(properties.intakePartitions())
                        .replicas(properties.replicationFactor())
                        .config(
                                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                                Integer.toString(RecordLimits.DEAD_LETTER_BYTES_MAX))
                        .build());
    }

    @Bean
    WaitingRoomProducers waitingRoomProducers(KafkaProperties properties, KafkaConnectionDetails kafka) {
        DefaultKafkaProducerFactory<String, String> producers =
                new KafkaClients(properties, kafka).producers(new StringSerializer(), SEND_MAX);
        producers.updateConfigs(Map.of(
                ProducerConfig.LINGER_MS_CONFIG, 5, ProducerConfig.MAX_BLOCK_MS_CONFIG, SEND_BLOCKED_MILLIS_MAX));
        return new WaitingRoomProducers(producers);
    }

    /** A type of its own, so that other modules do not inject this factory. */
    record WaitingRoomProducers(DefaultKafkaProducerFactory<String, String> factory) implements AutoCloseable {

        KafkaTemplate<String, String> template() {
            return new KafkaTemplate<>(factory);
        }

        @Override
        public void close() {
            factory.destroy();
        }
    }

    @Bean
    ConcurrentMessageListenerContainer<String, String> waitingRoomIntake(
            KafkaProperties properties,
            KafkaConnectionDetails kafka,
            WaitingRoomProperties settings,
            VisitorService visitors,
            Challenges challenges,
            RedisScripts redis,
            IntakeMetrics metrics,
            WaitingRoomProducers producers) {
        IntakeListener listener = new IntakeListener(visitors, challenges, redis, metrics);
        var container = container(
                new KafkaClients(properties, kafka),
                new StringDeserializer(),
                Intake.TOPIC,
                settings.kafkaGroup(),
                listener);
        container.setConcurrency(settings.intakePartitions());
        DeadLetterPublisher deadLetters = new DeadLetterPublisher(
                new DeadLetterPublishingRecoverer(
                        producers.template(),
                        (record, failure) -> new TopicPartition(DEAD_LETTERS, record.partition())),
                "it is not kept");
        container.setCommonErrorHandler(RecordErrors.handler((record, failure) -> {
            deadLetters.accept(record, failure);
            log.warn(
                    "The join at offset {} of partition {} is sent to the dead-letter topic",
                    record.offset(),
                    record.partition(),
                    failure);
            listener.putAside(record);
        }));
        return container;
    }

    @Bean
    @ConditionalOnProperty(name = "onsale.waiting-room.follow-reservations", matchIfMissing = true)
    ConcurrentMessageListenerContainer<String, byte @Nullable []> waitingRoomReservations(
            KafkaProperties properties,
            KafkaConnectionDetails kafka,
            WaitingRoomProperties settings,
            OpenHolds holds,
            JsonMapper json,
            Clock clock) {
        var container = container(
                new KafkaClients(properties, kafka),
                new ByteArrayDeserializer(),
                Topics.RESERVATION_EVENTS,
                settings.kafkaGroup(),
                new ReservationFollower(holds, json, clock));
        container.setCommonErrorHandler(RecordErrors.handler((record, failure) -> log.warn(
                "The reservation event at offset {} of partition {} is skipped; the place expires later",
                record.offset(),
                record.partition(),
                failure)));
        return container;
    }

    private static <V> ConcurrentMessageListenerContainer<String, V> container(
            KafkaClients clients,
            Deserializer<V> values,
            String topic,
            String group,
            BatchMessageListener<String, V> listener) {
        ContainerProperties container = new ContainerProperties(topic);
        container.setGroupId(group + "-" + topic);
        container.setAckMode(AckMode.BATCH);
        container.setMessageListener(listener);
        if (topic.equals(Topics.RESERVATION_EVENTS)) {
            // A place may be freed a moment later.
            KafkaClients.collect(container);
        }
        return clients.listeners(values, RECORDS_PER_BATCH_MAX, container);
    }
}
