package dev.onsale.command.publishing;

import dev.onsale.api.Topics;
import dev.onsale.api.coupon.CouponEvent;
import dev.onsale.api.wallet.WalletEvent;
import dev.onsale.eventlog.StoredEvents;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.messaging.StreamableMessageSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(KafkaTopicProperties.class)
class PublishingConfiguration {

    private static final int BATCH_SIZE = 500;

    /** A performance of 100,000 seats is one record of about 9 MB. */
    private static final int RECORD_BYTES_MAX = 16 * 1024 * 1024;

    private static final Duration RETENTION = Duration.ofDays(7);

    @Bean
    NewTopic reservationEvents(KafkaTopicProperties properties) {
        return topic(Topics.RESERVATION_EVENTS, properties);
    }

    @Bean
    NewTopic couponEvents(KafkaTopicProperties properties) {
        return topic(Topics.COUPON_EVENTS, properties);
    }

    @Bean
    NewTopic walletEvents(KafkaTopicProperties properties) {
        return topic(Topics.WALLET_EVENTS, properties);
    }

    @Bean
    KafkaHealthIndicator kafkaHealthIndicator(KafkaAdmin admin) {
        return new KafkaHealthIndicator(admin);
    }

    @Bean
    KafkaPublisher kafkaPublisher(KafkaConnectionDetails kafka, KafkaAdmin admin, StoredEvents events) {
        return new KafkaPublisher(
                segment -> {
                    // Kafka may have been away when the application started, and the topics with it.
                    admin.initialize();
                    return open(kafka, segment);
                },
                events,
                new CloudEventRecords(),
                event -> Optional.of(topicOf(event.getPayload())));
    }

    private static String topicOf(Object fact) {
        return switch (fact) {
            case CouponEvent coupon -> Topics.COUPON_EVENTS;
            case WalletEvent wallet -> Topics.WALLET_EVENTS;
            default -> Topics.RESERVATION_EVENTS;
        };
    }

    @Bean
    ConfigurerModule publisherFollowsTheLog() {
        return configurer -> configurer.eventProcessing(processing -> processing
                .registerPooledStreamingEventProcessor(
                        KafkaPublisher.GROUP,
                        org.axonframework.config.Configuration::eventStore,
                        (axon, builder) -> builder.initialSegmentCount(1)
                                .batchSize(BATCH_SIZE)
                                .initialToken(StreamableMessageSource::createTailToken))
                .registerListenerInvocationErrorHandler(
                        KafkaPublisher.GROUP, axon -> PropagatingErrorHandler.instance()));
    }

    private static KafkaProducer<String, byte[]> open(KafkaConnectionDetails kafka, int segment) {
        Map<String, Object> config = new HashMap<>();
        config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.getProducer().getBootstrapServers());
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "onsale-publisher-" + segment);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        config.put(ProducerConfig.BATCH_SIZE_CONFIG, 16 * 1024);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 10);
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, RECORD_BYTES_MAX);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
        try {
            producer.initTransactions();
            return producer;
        } catch (RuntimeException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    private static NewTopic topic(String name, KafkaTopicProperties properties) {
        return TopicBuilder.name(name)
                .partitions(properties.partitions())
                .replicas(properties.replicationFactor())
                .config(TopicConfig.RETENTION_MS_CONFIG, Long.toString(RETENTION.toMillis()))
                .config(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(RECORD_BYTES_MAX))
                .config(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(properties.minInSyncReplicas()))
                .build();
    }
}
