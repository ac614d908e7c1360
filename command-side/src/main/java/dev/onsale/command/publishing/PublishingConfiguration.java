package dev.onsale.command.publishing;

import dev.onsale.api.RecordLimits;
import dev.onsale.api.Topics;
import dev.onsale.api.coupon.CouponEvent;
import dev.onsale.api.wallet.WalletEvent;
import dev.onsale.eventlog.StoredEvents;
import dev.onsale.eventlog.tail.CollectingSource;
import dev.onsale.eventlog.tail.LogTail;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.serialization.Serializer;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.transaction.PlatformTransactionManager;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({KafkaTopicProperties.class, PublisherSettings.class})
class PublishingConfiguration {

    private static final int BATCH_SIZE = 500;

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
    TransactionalSender transactionalSender(
            KafkaConnectionDetails kafka, KafkaAdmin admin, ApplicationContext context, MeterRegistry registry) {
        DeclaredTopics topics = new DeclaredTopics(admin, context);
        return new TransactionalSender(
                segment -> {
                    // Kafka may have been away at the start, so the topics may be missing.
                    topics.initialize();
                    topics.raiseLimits();
                    return open(kafka, segment);
                },
                new PublishingMetrics(registry));
    }

    @Bean
    HeldSales heldSales(DataSource dataSource, Clock clock, MeterRegistry registry) {
        HeldSales heldSales = new HeldSales(JdbcClient.create(dataSource), clock);
        Gauge.builder("onsale.publisher.set_aside", heldSales, HeldSales::facts)
                .description("Facts that are not published because Kafka refuses one of their sale")
                .register(registry);
        return heldSales;
    }

    @Bean
    PublishingProgress publishingProgress(Clock clock, MeterRegistry registry) {
        PublishingProgress progress = new PublishingProgress(clock);
        Gauge.builder("onsale.publisher.oldest_unpublished", progress, p -> p.oldestAge()
                        .toSeconds())
                .description("Age of the oldest fact that is being published")
                .baseUnit("seconds")
                .register(registry);
        return progress;
    }

    @Bean
    PublisherHealthIndicator publisherHealthIndicator(PublishingProgress progress, HeldSales heldSales) {
        return new PublisherHealthIndicator(progress, heldSales);
    }

    @Bean
    HeldSaleRetry heldSaleRetry(
            HeldSales heldSales,
            EventStore store,
            TransactionalSender sender,
            Serializer serializer,
            PlatformTransactionManager transactions) {
        return new HeldSaleRetry(
                heldSales,
                store,
                new CloudEventRecords(serializer),
                PublishingConfiguration::topic,
                sender,
                transactions);
    }

    @Bean
    KafkaPublisher kafkaPublisher(
            TransactionalSender sender,
            StoredEvents events,
            Serializer serializer,
            HeldSales heldSales,
            PublishingProgress progress) {
        return new KafkaPublisher(
                sender, events, new CloudEventRecords(serializer), PublishingConfiguration::topic, heldSales, progress);
    }

    private static Optional<String> topic(EventMessage<?> message) {
        return Optional.of(topicOf(message.getPayload()));
    }

    private static String topicOf(Object fact) {
        return switch (fact) {
            case CouponEvent coupon -> Topics.COUPON_EVENTS;
            case WalletEvent wallet -> Topics.WALLET_EVENTS;
            default -> Topics.RESERVATION_EVENTS;
        };
    }

    @Bean
    ConfigurerModule publisherFollowsTheLog(LogTail tail, Serializer serializer, PublisherSettings settings) {
        return configurer -> configurer.eventProcessing(processing -> processing
                .registerPooledStreamingEventProcessor(
                        KafkaPublisher.GROUP,
                        axon -> CollectingSource.of(axon, tail, serializer, settings.batchWait()),
                        (axon, builder) -> builder.initialSegmentCount(settings.segmentCount())
                                .batchSize(BATCH_SIZE)
                                .initialToken(StreamableMessageSource::createTailToken))
                .registerSequencingPolicy(KafkaPublisher.GROUP, axon -> KafkaPublisher::saleOf)
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
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, RecordLimits.RECORD_BYTES_MAX);
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
                .config(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(RecordLimits.RECORD_BYTES_MAX))
                .config(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(properties.minInSyncReplicas()))
                .build();
    }
}
