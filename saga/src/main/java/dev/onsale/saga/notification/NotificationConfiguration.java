package dev.onsale.saga.notification;

import dev.onsale.api.RecordLimits;
import dev.onsale.api.Topics;
import dev.onsale.eventlog.StoredEvents;
import dev.onsale.eventlog.personal.PersonalData;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.ContainerProperties.AckMode;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import org.springframework.util.backoff.ExponentialBackOff;
import org.springframework.util.backoff.FixedBackOff;

/**
 * A consumer group of its own: however slow or broken a mail server is, only notifications are late. What fails six times goes to
 * {@value Topics#NOTIFICATION_DEAD_LETTERS}, and comes from {@value Topics#NOTIFICATION_RETRIES} if an operator gives it back.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(NotificationProperties.class)
@ConditionalOnProperty(name = "onsale.notification.enabled", havingValue = "true")
class NotificationConfiguration {

    private static final Logger log = LoggerFactory.getLogger(NotificationConfiguration.class);
    private static final Map<String, Duration> MAIL_TIMEOUTS = Map.of(
            "connectiontimeout", Duration.ofSeconds(3),
            "timeout", Duration.ofSeconds(10),
            "writetimeout", Duration.ofSeconds(10));
    private static final int RETRIES_MAX = 5;
    private static final Duration DATABASE_PAUSE = Duration.ofSeconds(1);
    private static final Duration PAUSE_MIN = Duration.ofMillis(100);
    private static final Duration PAUSE_MAX = Duration.ofMillis(500);
    private static final double PAUSE_FACTOR = 1.5;
    private static final int RECORDS_PER_POLL_MAX = 100;
    private static final String TOPICS_LOOKED_FOR_AGAIN_MILLIS = "10000";

    @Bean
    KafkaAdmin.NewTopics notificationTopics(NotificationProperties properties) {
        return new KafkaAdmin.NewTopics(
                topic(Topics.NOTIFICATION_DEAD_LETTERS, properties), topic(Topics.NOTIFICATION_RETRIES, properties));
    }

    private static NewTopic topic(String name, NotificationProperties properties) {
        return TopicBuilder.name(name)
                .partitions(1)
                .replicas(properties.replicationFactor())
                .config(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(RecordLimits.DEAD_LETTER_BYTES_MAX))
                .build();
    }

    /** Decided before the consumers, which depend on it, take the first record. */
    @Bean
    @DependsOnDatabaseInitialization
    NotificationStart notificationStart(NotificationProperties properties, NotificationStarts starts) {
        return starts.of(properties.groupId(), properties.startSetting(), properties.resumeWithin());
    }

    @Bean
    NotificationStarts notificationStarts(DataSource dataSource, Clock clock) {
        return new NotificationStarts(JdbcClient.create(dataSource), clock);
    }

    /** After the decision, which reads what it writes. */
    @Bean
    NotificationActivity notificationActivity(
            NotificationProperties properties, NotificationStarts starts, NotificationStart decided) {
        return new NotificationActivity(() -> starts.noteOn(properties.groupId()));
    }

    @Bean
    ConcurrentMessageListenerContainer<String, byte @Nullable []> notificationConsumers(
            KafkaProperties kafkaProperties,
            KafkaConnectionDetails kafka,
            NotificationProperties properties,
            NotificationStart start,
            ObjectProvider<JavaMailSender> mail,
            DataSource dataSource,
            PersonalData personal,
            Clock clock) {
        List<Channel> channels = new ArrayList<>();
        mail.ifAvailable(sender -> {
            withTimeouts(sender);
            RecipientLookup recipients = new RecipientLookup(new StoredEvents(JdbcClient.create(dataSource)), personal);
            channels.add(new MailChannel(sender, recipients::of, properties));
        });
        if (!properties.webhookUrl().isEmpty()) {
            channels.add(new WebhookChannel(URI.create(properties.webhookUrl())));
        }
        ContainerProperties container = new ContainerProperties(Topics.RESERVATION_EVENTS, Topics.NOTIFICATION_RETRIES);
        container.setGroupId(properties.groupId());
        container.setAckMode(AckMode.RECORD);
        container.setMessageListener(new Notifier(start, channels, new JdbcTemplate(dataSource), clock));
        ConcurrentMessageListenerContainer<String, byte @Nullable []> containers =
                new ConcurrentMessageListenerContainer<>(
                        new DefaultKafkaConsumerFactory<>(
                                consumer(kafkaProperties, kafka),
                                new StringDeserializer(),
                                new ByteArrayDeserializer()),
                        container);
        containers.setCommonErrorHandler(retryThenDeadLetter(kafkaProperties, kafka));
        return containers;
    }

    /** Without them a mail server that accepts and stays silent would be waited for without end. */
    private static void withTimeouts(JavaMailSender sender) {
        if (sender instanceof JavaMailSenderImpl settings) {
            for (String protocol : List.of("smtp", "smtps")) {
                MAIL_TIMEOUTS.forEach((timeout, duration) -> settings.getJavaMailProperties()
                        .putIfAbsent("mail." + protocol + "." + timeout, Long.toString(duration.toMillis())));
            }
        }
    }

    private static Map<String, Object> consumer(KafkaProperties properties, KafkaConnectionDetails kafka) {
        Map<String, Object> consumer = properties.buildConsumerProperties();
        consumer.put(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.getConsumer().getBootstrapServers());
        consumer.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        consumer.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        consumer.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RECORDS_PER_POLL_MAX);
        consumer.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, IsolationLevel.READ_COMMITTED.toString());
        consumer.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        consumer.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, TOPICS_LOOKED_FOR_AGAIN_MILLIS);
        return consumer;
    }

    private static DefaultErrorHandler retryThenDeadLetter(KafkaProperties properties, KafkaConnectionDetails kafka) {
        Map<String, Object> producer = properties.buildProducerProperties();
        producer.put(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.getProducer().getBootstrapServers());
        producer.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, RecordLimits.DEAD_LETTER_BYTES_MAX);
        DeadLetterPublishingRecoverer recoverer = new DeadLetterPublishingRecoverer(
                new KafkaTemplate<>(new DefaultKafkaProducerFactory<String, byte[]>(
                        producer, new StringSerializer(), new ByteArraySerializer())),
                (record, failure) -> new TopicPartition(Topics.NOTIFICATION_DEAD_LETTERS, -1));
        recoverer.setFailIfSendResultIsError(true);
        ExponentialBackOff pauses = new ExponentialBackOff(PAUSE_MIN.toMillis(), PAUSE_FACTOR);
        pauses.setMaxInterval(PAUSE_MAX.toMillis());
        pauses.setMaxAttempts(RETRIES_MAX);
        DefaultErrorHandler handler =
                new DefaultErrorHandler((record, failure) -> publish(recoverer, record, failure), pauses);
        // That the database is away says nothing about the fact.
        handler.setBackOffFunction((record, failure) -> isOfTheDatabase(failure)
                ? new FixedBackOff(DATABASE_PAUSE.toMillis(), FixedBackOff.UNLIMITED_ATTEMPTS)
                : null);
        return handler;
    }

    /** A record that the topic refuses for its size must not stop the notifications behind it. */
    private static void publish(
            DeadLetterPublishingRecoverer recoverer, ConsumerRecord<?, ?> record, Exception failure) {
        try {
            recoverer.accept(record, failure);
        } catch (RuntimeException refused) {
            if (!isCausedBy(refused, RecordTooLargeException.class)) {
                throw refused;
            }
            log.error(
                    "The dead letter {}-{}@{} is too large for its topic; nobody is notified of it: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    failure.toString());
        }
    }

    private static boolean isOfTheDatabase(@Nullable Throwable failure) {
        return isCausedBy(failure, DataAccessException.class);
    }

    private static boolean isCausedBy(@Nullable Throwable failure, Class<? extends Throwable> type) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}
