package dev.onsale.waitingroom.intake;

import dev.onsale.api.InvalidValueException;
import dev.onsale.api.RecordLimits;
import dev.onsale.api.Topics;
import dev.onsale.waitingroom.admission.OpenHolds;
import dev.onsale.waitingroom.challenge.Challenges;
import dev.onsale.waitingroom.key.RoomClock;
import dev.onsale.waitingroom.queue.VisitorService;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.room.RoomDirectory;
import dev.onsale.waitingroom.room.WaitingRoomProperties;
import dev.onsale.waitingroom.task.ServiceAway;
import java.time.Clock;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ConsumerRecordRecoverer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.ContainerProperties.AckMode;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.ExponentialBackOff;
import org.springframework.util.backoff.FixedBackOff;
import tools.jackson.databind.json.JsonMapper;

/**
 * The two consumers of the waiting room. Factories are not beans on purpose: several sides may share one Spring context, and
 * each has demands of its own on Kafka.
 */
@Configuration(proxyBeanMethods = false)
class KafkaConfiguration {

    static final String DEAD_LETTERS = Topics.WAITING_ROOM_JOIN_DEAD_LETTERS;

    private static final Logger log = LoggerFactory.getLogger(KafkaConfiguration.class);

    static final int RECORDS_PER_BATCH_MAX = 500;

    /** What nobody thought of may pass, but one record must not hold up all sales for ever. */
    private static final int UNEXPECTED_REPEATS_MAX = 4;

    private static final int UNEXPECTED_PAUSE_MILLIS = 500;
    private static final int SEND_BLOCKED_MILLIS_MAX = 1_000;
    private static final int SEND_MILLIS_MAX = 4_000;
    private static final String BEFORE_TOPICS_ARE_LOOKED_FOR_AGAIN_MILLIS = "10000";

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
        Map<String, Object> producer = properties.buildProducerProperties();
        producer.put(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.getProducer().getBootstrapServers());
        producer.put(ProducerConfig.ACKS_CONFIG, "all");
        producer.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, RecordLimits.DEAD_LETTER_BYTES_MAX);
        producer.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        producer.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        producer.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, SEND_BLOCKED_MILLIS_MAX);
        producer.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, SEND_MILLIS_MAX / 2);
        producer.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, SEND_MILLIS_MAX);
        return new WaitingRoomProducers(
                new DefaultKafkaProducerFactory<>(producer, new StringSerializer(), new StringSerializer()));
    }

    /** Not of a type that others ask the context for. */
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
    Intake intake(
            VisitorService visitors,
            RoomDirectory directory,
            WaitingRoomProducers producers,
            RedisScripts redis,
            IntakeMetrics metrics,
            @Qualifier(RoomClock.NAME) Clock clock) {
        return new Intake(visitors, directory, producers.template(), redis, metrics, clock);
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
                consumer(properties, kafka), new StringDeserializer(), Intake.TOPIC, settings.kafkaGroup(), listener);
        container.setConcurrency(settings.intakePartitions());
        DeadLetterPublishingRecoverer deadLetters = new DeadLetterPublishingRecoverer(
                producers.template(), (record, failure) -> new TopicPartition(DEAD_LETTERS, record.partition()));
        container.setCommonErrorHandler(errors((record, failure) -> {
            putAside(deadLetters, record, failure);
            log.warn("A join at {} of partition {} is put aside", record.offset(), record.partition(), failure);
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
                consumer(properties, kafka),
                new ByteArrayDeserializer(),
                Topics.RESERVATION_EVENTS,
                settings.kafkaGroup(),
                new ReservationFollower(holds, json, clock));
        container.setCommonErrorHandler(errors((record, failure) -> log.warn(
                "The end of a reservation at {} of partition {} frees no place; it expires by itself",
                record.offset(),
                record.partition(),
                failure)));
        return container;
    }

    /** A join that the topic of dead letters refuses for its size must not stop the joins behind it. */
    private static void putAside(
            DeadLetterPublishingRecoverer deadLetters, ConsumerRecord<?, ?> record, Exception failure) {
        try {
            deadLetters.accept(record, failure);
        } catch (RuntimeException refused) {
            if (cause(refused, RecordTooLargeException.class) == null) {
                throw refused;
            }
            log.error("The join at {} of partition {} is too large to be kept", record.offset(), record.partition());
        }
    }

    private static <V> ConcurrentMessageListenerContainer<String, V> container(
            Map<String, Object> properties,
            Deserializer<V> values,
            String topic,
            String group,
            BatchMessageListener<String, V> listener) {
        ContainerProperties container = new ContainerProperties(topic);
        container.setGroupId(group + "-" + topic);
        container.setAckMode(AckMode.BATCH);
        container.setMessageListener(listener);
        return new ConcurrentMessageListenerContainer<>(
                new DefaultKafkaConsumerFactory<>(properties, new StringDeserializer(), values), container);
    }

    private static Map<String, Object> consumer(KafkaProperties properties, KafkaConnectionDetails kafka) {
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

    private static DefaultErrorHandler errors(ConsumerRecordRecoverer putAside) {
        DefaultErrorHandler errors = new DefaultErrorHandler(putAside, patient());
        // An outage is no fault of the record, so it is repeated until the outage ends.
        errors.setBackOffFunction((record, failure) -> ServiceAway.isCauseOf(failure)
                ? patient()
                : isUnreadable(failure)
                        ? new FixedBackOff(0, 0)
                        : new FixedBackOff(UNEXPECTED_PAUSE_MILLIS, UNEXPECTED_REPEATS_MAX));
        return errors;
    }

    /** No repeat makes it readable. */
    private static boolean isUnreadable(Throwable failure) {
        return cause(failure, InvalidValueException.class) != null;
    }

    private static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> type) {
        for (Throwable current = failure; current != null; current = current.getCause()) {
            if (type.isInstance(current)) {
                return type.cast(current);
            }
        }
        return null;
    }

    private static BackOff patient() {
        ExponentialBackOff backOff = new ExponentialBackOff(100, 1.5);
        backOff.setMaxInterval(5_000);
        return backOff;
    }
}
