package dev.onsale.saga.notification;

import dev.onsale.api.RecordLimits;
import dev.onsale.api.Topics;
import dev.onsale.eventlog.StoredEvents;
import dev.onsale.eventlog.personal.PersonalData;
import dev.onsale.platform.failure.Causes;
import dev.onsale.platform.kafka.DeadLetterPublisher;
import dev.onsale.platform.kafka.KafkaClients;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
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
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.ContainerProperties.AckMode;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.mail.javamail.JavaMailSenderImpl;

/**
 * A consumer group of its own: however slow or broken a mail server is, only notifications are late. What fails six times goes to
 * {@value Topics#NOTIFICATION_DEAD_LETTERS}, and comes from {@value Topics#NOTIFICATION_RETRIES} if an operator gives it back.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(NotificationProperties.class)
@ConditionalOnProperty(name = "onsale.notification.enabled", havingValue = "true")
class NotificationConfiguration {

    private static final Map<String, Duration> MAIL_TIMEOUTS = Map.of(
            "connectiontimeout", Duration.ofSeconds(3),
            "timeout", Duration.ofSeconds(10),
            "writetimeout", Duration.ofSeconds(10));
    private static final int RETRIES_MAX = 5;
    private static final Duration SEND_MAX = Duration.ofSeconds(10);
    private static final int RECORDS_PER_POLL_MAX = 100;

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
        KafkaClients clients = new KafkaClients(kafkaProperties, kafka);
        var containers =
                clients.<byte @Nullable []>listeners(new ByteArrayDeserializer(), RECORDS_PER_POLL_MAX, container);
        containers.setCommonErrorHandler(retryThenDeadLetter(clients));
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

    private static DefaultErrorHandler retryThenDeadLetter(KafkaClients clients) {
        DeadLetterPublishingRecoverer topic = new DeadLetterPublishingRecoverer(
                new KafkaTemplate<>(clients.producers(new ByteArraySerializer(), SEND_MAX)),
                (record, failure) -> new TopicPartition(Topics.NOTIFICATION_DEAD_LETTERS, -1));
        topic.setFailIfSendResultIsError(true);
        DefaultErrorHandler handler = new DefaultErrorHandler(
                new DeadLetterPublisher(topic, "nobody is notified of it"), KafkaClients.fewRetries(RETRIES_MAX));
        // A database that is away says nothing about the record.
        handler.setBackOffFunction((record, failure) ->
                Causes.has(failure, DataAccessException.class) ? KafkaClients.untilAvailable() : null);
        return handler;
    }
}
